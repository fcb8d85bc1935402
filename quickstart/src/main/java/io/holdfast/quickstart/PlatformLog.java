package io.holdfast.quickstart;

import java.nio.file.Path;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** One log for five services, in the data folder. */
public final class PlatformLog {

  private PlatformLog() {}

  /**
   * Must run before anything logs: the log's place is fixed by its first line, and no service may
   * set it up again.
   */
  public static void configure(Path data) {
    System.setProperty("holdfast.log", data.resolve("holdfast.log").toString());
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }
}
