package io.holdfast.benchmarks;

import io.holdfast.quickstart.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The five services and the broker in one process, as {@code ./holdfast run} has them. */
public final class OneJvm implements SystemUnderTest {

  private final ChildJvm jvm;
  private final ServicesUnderTest.About about;

  private OneJvm(ChildJvm jvm) {
    this.jvm = jvm;
    this.about = jvm.about(ServicesUnderTest.About.class);
  }

  /**
   * Starts everything.
   *
   * @param data folder of the databases and the log
   * @param serviceArguments what every service is told
   */
  public static OneJvm start(Path data, List<String> jvmFlags, List<String> serviceArguments)
      throws IOException {
    var arguments = new ArrayList<String>();
    arguments.add(data.toString());
    arguments.addAll(serviceArguments);
    return new OneJvm(ChildJvm.start("the services", jvmFlags, ServicesUnderTest.class, arguments));
  }

  @Override
  public Servers servers() {
    return about.servers();
  }

  @Override
  public Address address() {
    return about.address();
  }

  @Override
  public List<MeasuredProcess> processes() {
    return List.of(
        MeasuredProcess.jvm("services", jvm.pid()),
        MeasuredProcess.postgres(about.servers().postgresPid()));
  }

  @Override
  public void stop(Service service) throws IOException {
    jvm.ask(ServicesUnderTest.STOP + service);
  }

  @Override
  public void start(Service service) throws IOException {
    jvm.ask(ServicesUnderTest.START + service);
  }

  @Override
  public void close() throws IOException {
    jvm.close();
  }
}
