package io.holdfast.relay;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Debezium and Kafka Connect write dozens of stack traces a second while PostgreSQL is down, and
 * nothing that does not also reach the relay, which says it in one line. So they are silenced,
 * unless a level was set for them on purpose ({@code logging.level.io.debezium}).
 */
final class Quiet {

  private Quiet() {}

  static void debezium() {
    LoggingSystem logging = LoggingSystem.get(Quiet.class.getClassLoader());
    set(logging, "io.debezium", LogLevel.OFF);
    set(logging, "org.apache.kafka.connect", LogLevel.OFF);
    set(logging, "org.apache.kafka.clients.producer.ProducerConfig", LogLevel.WARN);
    set(logging, "org.apache.kafka.common.utils.AppInfoParser", LogLevel.WARN);
    set(logging, "org.flywaydb", LogLevel.WARN);
  }

  private static void set(LoggingSystem logging, String logger, LogLevel level) {
    LoggerConfiguration configured = logging.getLoggerConfiguration(logger);
    if (configured == null || configured.getConfiguredLevel() == null) {
      logging.setLogLevel(logger, level);
    }
  }
}
