package io.holdfast.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the services have asked of PostgreSQL and Kafka.
 *
 * @param walBytes write-ahead log written
 * @param walRecords entries in it, each of which the relay's reader takes by itself
 * @param walPages whole pages in it: each page's first change after a checkpoint
 * @param commits transactions committed
 * @param statements SQL statements run, without beginning and ending of transactions
 * @param pages pages of tables and indexes that the statements have touched, each as often as it
 *     was
 * @param pagesRead those of them that were not in PostgreSQL's own memory
 * @param messages records in all topics of Holdfast's
 * @param messageBytes size of those topics
 */
record DatabaseCosts(
    long walBytes,
    long walRecords,
    long walPages,
    long commits,
    long statements,
    long pages,
    long pagesRead,
    long messages,
    long messageBytes) {

  static DatabaseCosts now(Servers servers, JdbcClient jdbc, StatementCosts statements) {
    try (var admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers.kafka()))) {
      var topics =
          admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get().values();
      long messages = 0;
      for (var topic : topics) {
        var ends = new HashMap<TopicPartition, OffsetSpec>();
        topic
            .partitions()
            .forEach(
                partition ->
                    ends.put(
                        new TopicPartition(topic.name(), partition.partition()),
                        OffsetSpec.latest()));
        messages +=
            admin.listOffsets(ends).all().get().values().stream()
                .mapToLong(end -> end.offset())
                .sum();
      }
      long bytes =
          admin.describeLogDirs(List.of(1)).allDescriptions().get().values().stream()
              .flatMap(directories -> directories.values().stream())
              .flatMap(directory -> directory.replicaInfos().entrySet().stream())
              .filter(replica -> !replica.getKey().topic().startsWith("__"))
              .mapToLong(replica -> replica.getValue().size())
              .sum();
      return new DatabaseCosts(
          count(jdbc, "select pg_current_wal_lsn() - '0/0'::pg_lsn"),
          count(jdbc, "select wal_records from pg_stat_wal"),
          count(jdbc, "select wal_fpi from pg_stat_wal"),
          count(
              jdbc, "select xact_commit from pg_stat_database where datname = current_database()"),
          statements.calls(),
          statements.pages(),
          statements.pagesRead(),
          messages,
          bytes);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  DatabaseCosts since(DatabaseCosts before) {
    return new DatabaseCosts(
        walBytes - before.walBytes,
        walRecords - before.walRecords,
        walPages - before.walPages,
        commits - before.commits,
        statements - before.statements,
        pages - before.pages,
        pagesRead - before.pagesRead,
        messages - before.messages,
        messageBytes - before.messageBytes);
  }

  DatabaseCosts plus(DatabaseCosts other) {
    return new DatabaseCosts(
        walBytes + other.walBytes,
        walRecords + other.walRecords,
        walPages + other.walPages,
        commits + other.commits,
        statements + other.statements,
        pages + other.pages,
        pagesRead + other.pagesRead,
        messages + other.messages,
        messageBytes + other.messageBytes);
  }

  private static long count(JdbcClient jdbc, String sql) {
    return jdbc.sql(sql).query(Long.class).single();
  }
}
