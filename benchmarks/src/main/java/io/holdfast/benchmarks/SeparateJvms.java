package io.holdfast.benchmarks;

import io.holdfast.quickstart.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Each instance of each service in a process of its own; PostgreSQL and Kafka beside them. */
final class SeparateJvms implements SystemUnderTest {

  private final ChildJvm servers;
  private final ServersUnderTest.About about;
  private final Path data;
  private final List<String> jvmFlags;
  private final Map<Service, List<ChildJvm>> services = new EnumMap<>(Service.class);

  private SeparateJvms(ChildJvm servers, Path data, List<String> jvmFlags) {
    this.servers = servers;
    this.about = servers.about(ServersUnderTest.About.class);
    this.data = data;
    this.jvmFlags = jvmFlags;
  }

  /**
   * @param instances of each service
   */
  static SeparateJvms start(
      Path data, int instances, List<String> jvmFlags, List<String> serviceArguments)
      throws IOException {
    var arguments = new ArrayList<>(List.of(data.toString(), Integer.toString(instances)));
    arguments.addAll(serviceArguments);
    var system =
        new SeparateJvms(
            ChildJvm.start("PostgreSQL and Kafka", jvmFlags, ServersUnderTest.class, arguments),
            data,
            jvmFlags);
    try {
      for (var service : Service.values()) {
        system.start(service);
      }
      return system;
    } catch (IOException | RuntimeException e) {
      system.close();
      throw e;
    }
  }

  @Override
  public Servers servers() {
    return about.servers();
  }

  @Override
  public Address address() {
    return new Address(
        ports(Service.ORDER_SERVICE),
        ports(Service.INVENTORY_SERVICE).getFirst(),
        ports(Service.WALLET_SERVICE).getFirst(),
        ports(Service.PAYMENT_SERVICE).getFirst(),
        ports(Service.SAGA_ORCHESTRATOR).getFirst());
  }

  private List<Integer> ports(Service service) {
    return instances(service).stream()
        .map(jvm -> jvm.about(ServiceUnderTest.About.class).port())
        .toList();
  }

  private List<ChildJvm> instances(Service service) {
    return services.getOrDefault(service, List.of());
  }

  @Override
  public List<MeasuredProcess> processes() {
    return Stream.concat(
            Stream.of(
                MeasuredProcess.postgres(about.servers().postgresPid()),
                MeasuredProcess.jvm("kafka", servers.pid())),
            services.entrySet().stream()
                .flatMap(
                    service ->
                        service.getValue().stream()
                            .map(jvm -> MeasuredProcess.jvm(service.getKey().title(), jvm.pid()))))
        .toList();
  }

  @Override
  public void stop(Service service) throws IOException {
    for (var jvm : instances(service)) {
      jvm.close();
    }
    services.remove(service);
  }

  @Override
  public void start(Service service) throws IOException {
    for (var told : about.arguments().getOrDefault(service, List.of())) {
      String name =
          service.title()
              + "-"
              + (services.computeIfAbsent(service, _ -> new ArrayList<>()).size() + 1);
      var arguments = new ArrayList<>(List.of(service.name(), data.resolve(name).toString()));
      arguments.addAll(told);
      instances(service).add(ChildJvm.start(name, jvmFlags, ServiceUnderTest.class, arguments));
    }
  }

  /** The orchestrator last, since the relay lives with it. */
  @Override
  public void close() throws IOException {
    for (var service : List.of(Service.values()).reversed()) {
      stop(service);
    }
    servers.close();
  }
}
