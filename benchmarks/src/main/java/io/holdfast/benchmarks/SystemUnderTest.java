package io.holdfast.benchmarks;

import io.holdfast.quickstart.Service;
import java.io.IOException;
import java.util.List;

/** A running Holdfast whose processes are this one's children. */
interface SystemUnderTest extends AutoCloseable {

  Servers servers();

  Address address();

  /** What runs now, by the names under which costs are told. */
  List<MeasuredProcess> processes();

  /** Stops all instances of a service, as a deployment would. */
  void stop(Service service) throws IOException;

  /** Starts what {@link #stop} stopped; returns once it serves. */
  void start(Service service) throws IOException;

  @Override
  void close() throws IOException;

  /**
   * A process.
   *
   * @param name several of one name are told together
   * @param withChildren whether its children belong to it, or are told under a name of their own
   */
  record MeasuredProcess(String name, long pid, boolean withChildren) {

    static final String POSTGRES = "postgres";

    /** PostgreSQL works in a child for every connection. */
    static MeasuredProcess postgres(long pid) {
      return new MeasuredProcess(POSTGRES, pid, true);
    }

    static MeasuredProcess jvm(String name, long pid) {
      return new MeasuredProcess(name, pid, false);
    }

    boolean isJvm() {
      return !name.equals(POSTGRES);
    }

    long cpuMicros() {
      return withChildren ? ProcessCosts.cpuMicros(pid) : ProcessCosts.ownCpuMicros(pid);
    }
  }
}
