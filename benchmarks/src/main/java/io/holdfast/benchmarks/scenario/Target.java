package io.holdfast.benchmarks.scenario;

import io.holdfast.benchmarks.Address;
import io.holdfast.quickstart.Service;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A Holdfast that a scenario is aimed at.
 *
 * @param ports where the services answer, on this machine
 * @param auditor reads every schema; null where only the services' APIs can be asked
 */
record Target(Map<Service, Integer> ports, @Nullable JdbcClient auditor) {

  Target {
    ports = Map.copyOf(ports);
  }

  static Target of(Address address, JdbcClient auditor) {
    var ports = new EnumMap<Service, Integer>(Service.class);
    ports.put(Service.ORDER_SERVICE, address.orderPorts().getFirst());
    ports.put(Service.INVENTORY_SERVICE, address.inventoryPort());
    ports.put(Service.WALLET_SERVICE, address.walletPort());
    ports.put(Service.PAYMENT_SERVICE, address.paymentPort());
    ports.put(Service.SAGA_ORCHESTRATOR, address.sagaPort());
    return new Target(ports, auditor);
  }

  String url(Service service, String path) {
    return "http://127.0.0.1:%d%s"
        .formatted(ports.getOrDefault(service, service.defaultPort()), path);
  }
}
