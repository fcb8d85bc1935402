package io.holdfast.relay;

import io.debezium.connector.postgresql.PostgresConnector;
import org.apache.kafka.connect.connector.Task;

/**
 * Debezium's connector with the relay's task. Public only because Debezium makes it by class name.
 */
public final class OutboxConnector extends PostgresConnector {

  @Override
  public Class<? extends Task> taskClass() {
    return OutboxConnectorTask.class;
  }
}
