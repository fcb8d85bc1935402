package io.holdfast.benchmarks.scenario;

import io.holdfast.benchmarks.scenario.Books.Entry;
import io.holdfast.benchmarks.scenario.Books.Good;
import io.holdfast.benchmarks.scenario.Books.Money;
import io.holdfast.benchmarks.scenario.Books.Movement;
import io.holdfast.benchmarks.scenario.Books.Order;
import io.holdfast.benchmarks.scenario.Books.Payment;
import io.holdfast.benchmarks.scenario.Books.Refund;
import io.holdfast.benchmarks.scenario.Books.Saga;
import io.holdfast.benchmarks.scenario.Books.TopUp;
import io.holdfast.benchmarks.scenario.Books.Trade;
import io.holdfast.benchmarks.scenario.Books.Voucher;
import io.holdfast.benchmarks.scenario.Books.Wallet;
import io.holdfast.benchmarks.scenario.Books.Withdrawal;
import io.holdfast.messaging.UuidV7;
import io.holdfast.quickstart.Audit;
import io.holdfast.quickstart.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Reads the books of a run through the services' APIs. */
final class BooksReader {

  private static final int PAGE = 500;
  private static final int PROVIDERS_PAGE = 100;
  private static final int READERS = 16;
  private static final int UNKNOWN = 404;
  private static final List<String> OPEN_STATES =
      List.of("TRYING", "AWAITING", "PIVOTING", "CONFIRMING", "COMPLETING", "CANCELLING");
  private static final List<String> KEY_OF_A_TEST =
      List.of("Authorization", "Bearer sk_test_scenario");

  private final Client client;
  private final Journal journal;
  private final @Nullable JdbcClient auditor;
  private final Instant begin;

  /**
   * @param auditor null where only the services' APIs can be asked; then only what the run made
   *     itself is read
   * @param begin older sagas and movements are not the run's
   */
  BooksReader(Client client, Journal journal, @Nullable JdbcClient auditor, Instant begin) {
    this.client = client;
    this.journal = journal;
    this.auditor = auditor;
    this.begin = begin;
  }

  /** Sagas that began with the run and have not ended. */
  long openSagas() {
    return OPEN_STATES.stream().mapToLong(state -> sagas("&state=" + state).size()).sum();
  }

  /** Everything, as it is now. */
  Books read() {
    var wallets = List.copyOf(journal.wallets());
    var orders = each(wallets, this::orders);
    var refunds =
        each(
            orders.stream().filter(order -> !order.refundState().equals("NONE")).toList(),
            this::refunds);
    var withdrawals = each(wallets, this::withdrawals);
    var money =
        new Money(
            each(wallets, this::wallet),
            each(wallets, this::entries),
            withdrawals,
            each(journal.vouchers(), this::voucher),
            each(journal.topUps(), this::topUp));
    var trade =
        new Trade(
            each(journal.goods(), this::good),
            orders,
            refunds,
            each(byCard(orders), this::payment),
            ownSagas(orders, refunds, withdrawals));
    return new Books(
        money, trade, provider(orders, refunds, withdrawals), journal.told(), checks());
  }

  private static <T, R> List<R> each(Collection<T> things, Function<T, List<R>> read) {
    try (var readers = Executors.newFixedThreadPool(READERS, Thread.ofVirtual().factory())) {
      return things.stream()
          .map(thing -> CompletableFuture.supplyAsync(() -> read.apply(thing), readers))
          .toList()
          .stream()
          .flatMap(found -> result(found).stream())
          .toList();
    }
  }

  /** What was read; what went wrong while it was, as it was. */
  private static <R> R result(CompletableFuture<R> read) {
    try {
      return read.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private List<Wallet> wallet(UUID id) {
    return List.of(client.get(Service.WALLET_SERVICE, "/wallets/" + id, Wallet.class));
  }

  /**
   * All pages of a list.
   *
   * @param path with a query that can be added to
   */
  private List<JsonNode> pages(Service service, String path, String list) {
    var all = new ArrayList<JsonNode>();
    String after = "";
    while (true) {
      var page = client.get(service, path + after);
      page.path(list).forEach(all::add);
      String next = page.path("next").asString("");
      if (next.isEmpty()) {
        return all;
      }
      after = "&after=" + next;
    }
  }

  private record Line(UUID causeId, String operation, long amountMinor) {}

  private List<Entry> entries(UUID wallet) {
    return pages(
            Service.WALLET_SERVICE,
            "/wallets/%s/entries?limit=%d".formatted(wallet, PAGE),
            "entries")
        .stream()
        .map(entry -> Client.read(entry, Line.class))
        .map(line -> new Entry(wallet, line.causeId(), line.operation(), line.amountMinor()))
        .toList();
  }

  private List<Withdrawal> withdrawals(UUID wallet) {
    return pages(
            Service.WALLET_SERVICE,
            "/wallets/%s/withdrawals?limit=%d".formatted(wallet, PAGE),
            "withdrawals")
        .stream()
        .map(withdrawal -> Client.read(withdrawal, Withdrawal.class))
        .toList();
  }

  private List<Voucher> voucher(String code) {
    return List.of(client.get(Service.WALLET_SERVICE, "/vouchers/" + code, Voucher.class));
  }

  private List<TopUp> topUp(UUID id) {
    var answer = client.tryGet(Service.PAYMENT_SERVICE, "/top-ups/" + id);
    return answer.status() == UNKNOWN
        ? List.of()
        : List.of(Client.read(answer.body(), TopUp.class));
  }

  private List<Good> good(String sku) {
    return List.of(client.get(Service.INVENTORY_SERVICE, "/stock/" + sku, Good.class));
  }

  private List<Order> orders(UUID customer) {
    return pages(
            Service.ORDER_SERVICE,
            "/orders?customerId=%s&limit=%d".formatted(customer, PAGE),
            "orders")
        .stream()
        .map(order -> order(customer, order))
        .toList();
  }

  private static Order order(UUID customer, JsonNode order) {
    return new Order(
        UUID.fromString(order.path("orderId").asString()),
        customer,
        order.path("state").asString(),
        order.path("reason").path("code").asString(null),
        order.path("totalMinor").asLong(),
        order.path("refundState").asString(),
        order.path("fulfilment").asString());
  }

  private List<Refund> refunds(Order order) {
    return Client.list(
        client
            .get(Service.ORDER_SERVICE, "/orders/%s/refunds".formatted(order.orderId()))
            .path("refunds"),
        Refund.class);
  }

  private List<Order> byCard(List<Order> orders) {
    return orders.stream()
        .filter(
            order -> {
              var basket = journal.baskets().get(order.orderId());
              return basket == null || basket.card() != null;
            })
        .toList();
  }

  /** A saga that the wallet paid, or that never came so far, has none. */
  private List<Payment> payment(Order order) {
    var answer = client.tryGet(Service.PAYMENT_SERVICE, "/payments/" + order.orderId());
    return answer.status() == UNKNOWN
        ? List.of()
        : List.of(Client.read(answer.body(), Payment.class));
  }

  private boolean isOfTheRun(Saga saga) {
    return saga.id().compareTo(UuidV7.lowestAt(begin)) >= 0;
  }

  /** Sagas that began with the run. */
  private List<Saga> sagas(String query) {
    var all = new ArrayList<Saga>();
    String after = "";
    while (true) {
      var page =
          Client.list(
              client.get(
                  Service.SAGA_ORCHESTRATOR, "/sagas?limit=%d%s%s".formatted(PAGE, query, after)),
              Saga.class);
      all.addAll(page);
      if (page.size() < PAGE || !isOfTheRun(page.getLast())) {
        all.removeIf(saga -> !isOfTheRun(saga));
        return all;
      }
      after = "&after=" + page.getLast().id();
    }
  }

  private List<Saga> ownSagas(
      List<Order> orders, List<Refund> refunds, List<Withdrawal> withdrawals) {
    var own = ids(orders, refunds, withdrawals);
    return sagas("").stream().filter(saga -> auditor != null || own.contains(saga.id())).toList();
  }

  private Set<UUID> ids(List<Order> orders, List<Refund> refunds, List<Withdrawal> withdrawals) {
    var ids = new HashSet<UUID>(journal.topUps());
    orders.forEach(order -> ids.add(order.orderId()));
    refunds.forEach(refund -> ids.add(refund.refundId()));
    withdrawals.forEach(withdrawal -> ids.add(withdrawal.withdrawalId()));
    return ids;
  }

  private Books.Provider provider(
      List<Order> orders, List<Refund> refunds, List<Withdrawal> withdrawals) {
    var own = ids(orders, refunds, withdrawals);
    return new Books.Provider(
        movements("payment_intents", own, "saga_id", "top_up_id"),
        movements("payouts", own, "withdrawal_id"),
        movements("refunds", own, "refund_id"));
  }

  /** From the provider's own books, by its own protocol. */
  private List<Movement> movements(String list, Set<UUID> own, String... notes) {
    var found = new ArrayList<Movement>();
    String after = "";
    while (true) {
      var page =
          client.get(
              Service.PAYMENT_SERVICE,
              "/sandbox/v1/%s?created%%5Bgte%%5D=%d&limit=%d%s"
                  .formatted(list, begin.getEpochSecond(), PROVIDERS_PAGE, after),
              KEY_OF_A_TEST.toArray(String[]::new));
      String last = "";
      for (var movement : page.path("data")) {
        last = movement.path("id").asString();
        for (var note : notes) {
          String about = movement.path("metadata").path(note).asString("");
          if (!about.isEmpty() && own.contains(UUID.fromString(about))) {
            found.add(
                new Movement(
                    last,
                    UUID.fromString(about),
                    movement.path("status").asString(),
                    movement.path("amount").asLong()));
          }
        }
      }
      if (!page.path("has_more").asBoolean(false)) {
        return found;
      }
      after = "&starting_after=" + last;
    }
  }

  private record Checked(List<JsonNode> differences) {}

  /** Has services check themselves, and, where it can be asked, the auditor all of them. */
  private Map<String, List<String>> checks() {
    var checks = new LinkedHashMap<String, List<String>>();
    checks.put("ledger", differences(Service.WALLET_SERVICE, "/ledger/checks"));
    checks.put("stock", differences(Service.INVENTORY_SERVICE, "/stock/checks"));
    if (auditor != null) {
      checks.put("auditor", List.of());
      new Audit(auditor)
          .differences()
          .forEach((check, rows) -> checks.put("auditor, " + check, rows));
    }
    return checks;
  }

  private List<String> differences(Service service, String path) {
    var found = new ArrayList<String>();
    String after = "";
    while (true) {
      var answer = client.post(service, path + after, List.of());
      if (answer.status() != 200) {
        found.add("%s answers %d %s".formatted(path, answer.status(), answer.body()));
        return found;
      }
      Client.read(answer.body(), Checked.class)
          .differences()
          .forEach(difference -> found.add(difference.toString()));
      String next = answer.body().path("next").asString("");
      if (next.isEmpty()) {
        return found;
      }
      after = "?after=" + next;
    }
  }
}
