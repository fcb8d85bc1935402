package io.holdfast.quickstart;

import io.holdfast.inventory.InventoryServiceApplication;
import io.holdfast.orchestrator.SagaOrchestratorApplication;
import io.holdfast.order.OrderServiceApplication;
import io.holdfast.payment.PaymentServiceApplication;
import io.holdfast.wallet.WalletServiceApplication;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * The five services: where they listen, and the schema and role that each owns. In the order in
 * which they start.
 */
public enum Service {
  SAGA_ORCHESTRATOR("saga", 8084),
  INVENTORY_SERVICE("inventory", 8081),
  WALLET_SERVICE("wallet", 8082),
  PAYMENT_SERVICE("payment", 8083),
  ORDER_SERVICE("orders", 8080);

  private final String schema;
  private final int defaultPort;

  Service(String schema, int defaultPort) {
    this.schema = schema;
    this.defaultPort = defaultPort;
  }

  /** Schemas, and roles, of all services. */
  public static List<String> schemas() {
    return Stream.of(values()).map(Service::schema).toList();
  }

  public String schema() {
    return schema;
  }

  public int defaultPort() {
    return defaultPort;
  }

  /** The service's application, to be run with {@link Platform#arguments}. */
  public SpringApplicationBuilder application() {
    return switch (this) {
      case SAGA_ORCHESTRATOR -> SagaOrchestratorApplication.application();
      case INVENTORY_SERVICE -> InventoryServiceApplication.application();
      case WALLET_SERVICE -> WalletServiceApplication.application();
      case PAYMENT_SERVICE -> PaymentServiceApplication.application();
      case ORDER_SERVICE -> OrderServiceApplication.application();
    };
  }

  /** As in the folder's name: {@code order-service}. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
