package io.holdfast.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * The yardstick: the same order in one local transaction of one statement, without services,
 * messages or HTTP. What distribution costs is the distance to this.
 */
final class Monolith {

  private static final int CONNECTIONS = 16;

  private static final String TABLES =
      """
      drop schema if exists monolith cascade;
      create schema monolith;
      create table monolith.stock (sku int primary key, available bigint not null check (available >= 0), sold bigint not null);
      create table monolith.wallet (id int primary key, available bigint not null check (available >= 0), spent bigint not null);
      create table monolith.orders (id uuid primary key, sku int not null, wallet int not null, state text not null);
      create table monolith.reservation (order_id uuid, kind char(1), amount bigint not null, primary key (order_id, kind));
      insert into monolith.stock select i, 100000000, 0 from generate_series(0, %d) i;
      insert into monolith.wallet select i, case when i %% 20 = 0 then 0 else 100000000 end, 0 from generate_series(0, %d) i;
      analyze monolith.stock, monolith.wallet
      """
          .formatted(Variant.GOODS - 1, Variant.WALLETS - 1);

  private static final String ORDER =
      """
      with ask as (select ?::uuid id, ?::int sku, ?::int wallet),
      paid as (
        update monolith.wallet w set available = available - 100, spent = spent + 100
        from ask where w.id = ask.wallet and w.available >= 100 returning ask.id),
      taken as (
        update monolith.stock s set available = available - 1, sold = sold + 1
        from ask where s.sku = ask.sku and s.available >= 1 and exists (select from paid) returning ask.id),
      kept as (
        insert into monolith.reservation select id, k, 1 from taken, unnest(array['s', 'w']) k)
      insert into monolith.orders
      select id, sku, wallet, case when exists (select from taken) then 'CONFIRMED' else 'REJECTED' end from ask
      """;

  private Monolith() {}

  /** Orders a second, and the CPU microseconds of one. */
  record Result(double ordersPerSecond, double cpuMicrosPerOrder) {}

  static Result measure(Servers servers, Duration warmup, Duration length)
      throws SQLException, InterruptedException {
    try (var connection = connect(servers);
        var statement = connection.createStatement()) {
      statement.execute(TABLES);
    }
    place(servers, warmup);
    long self = ProcessHandle.current().pid();
    long cpu = ProcessCosts.cpuMicros(servers.postgresPid()) + ProcessCosts.ownCpuMicros(self);
    long begin = System.nanoTime();
    long orders = place(servers, length);
    double seconds = (System.nanoTime() - begin) / 1e9;
    cpu = ProcessCosts.cpuMicros(servers.postgresPid()) + ProcessCosts.ownCpuMicros(self) - cpu;
    return new Result(orders / seconds, (double) cpu / orders);
  }

  private static long place(Servers servers, Duration length) throws InterruptedException {
    long end = System.nanoTime() + length.toNanos();
    try (var clients = Executors.newFixedThreadPool(CONNECTIONS)) {
      var work = new ArrayList<Callable<Long>>();
      for (int i = 0; i < CONNECTIONS; i++) {
        work.add(
            () -> {
              try (var connection = connect(servers)) {
                return placeUntil(end, connection);
              }
            });
      }
      long orders = 0;
      for (var client : clients.invokeAll(work)) {
        orders += client.get();
      }
      return orders;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the monolith failed", e);
    }
  }

  private static Connection connect(Servers servers) throws SQLException {
    return DriverManager.getConnection(
        servers.databaseUrl(), servers.superuser(), servers.superuserPassword());
  }

  private static long placeUntil(long end, Connection connection) throws SQLException {
    var random = new SplittableRandom();
    long orders = 0;
    try (var order = connection.prepareStatement(ORDER)) {
      while (System.nanoTime() < end) {
        order.setObject(1, new UUID(random.nextLong(), random.nextLong()));
        order.setInt(2, random.nextInt(Variant.GOODS));
        order.setInt(3, random.nextInt(Variant.WALLETS));
        order.executeUpdate();
        orders++;
      }
    }
    return orders;
  }
}
