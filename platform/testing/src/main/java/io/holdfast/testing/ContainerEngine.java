package io.holdfast.testing;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** The Docker engine that runs the servers of a test run with {@code -Pcontainers}. */
final class ContainerEngine {

  private static final int STOP_SECONDS = 30;

  private ContainerEngine() {}

  /**
   * Starts {@code container} with its {@code innerPort} on {@code port} of the machine, so that it
   * has the same address when it comes back: an engine would choose another one each time.
   */
  static void start(GenericContainer<?> container, int port, int innerPort) {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new IllegalStateException(
          "No Docker engine answers: start one, or set DOCKER_HOST to its address, or run the tests"
              + " without -Pcontainers, which needs none.");
    }
    container.setPortBindings(List.of(port + ":" + innerPort));
    container.start();
  }

  static void kill(GenericContainer<?> container) {
    client().killContainerCmd(container.getContainerId()).exec();
  }

  static void stop(GenericContainer<?> container) {
    client().stopContainerCmd(container.getContainerId()).withTimeout(STOP_SECONDS).exec();
  }

  static void startAgain(GenericContainer<?> container) {
    client().startContainerCmd(container.getContainerId()).exec();
  }

  static void run(GenericContainer<?> container, String... command) {
    try {
      var result = container.execInContainer(command);
      if (result.getExitCode() != 0) {
        throw new IllegalStateException("%s: %s".formatted(List.of(command), result));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  static boolean isRunning(GenericContainer<?> container) {
    var state = client().inspectContainerCmd(container.getContainerId()).exec().getState();
    return Boolean.TRUE.equals(state.getRunning());
  }

  private static DockerClient client() {
    return DockerClientFactory.instance().client();
  }
}
