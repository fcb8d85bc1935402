package io.holdfast.benchmarks.scenario;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.holdfast.benchmarks.scenario.Books.Order;
import io.holdfast.benchmarks.scenario.Invariant.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * What came of a scenario.
 *
 * @param seconds from the first thing that was asked for to the last answer
 * @param counts what was asked for and answered
 * @param ends how many things are in which state in the end
 */
record Verdict(
    ScenarioSettings settings,
    double seconds,
    SequencedMap<String, Long> counts,
    SequencedMap<String, Long> ends,
    Speed speed,
    List<Checked> checked) {

  private static final int MOST_ROWS = 5;
  private static final int WIDTH = 62;

  /** What holds whatever the scenario. */
  static final List<Invariant> ALWAYS =
      Stream.of(MoneyInvariants.ALL, TradeInvariants.ALL, RunInvariants.ALL)
          .flatMap(List::stream)
          .toList();

  /** One invariant with what was found. */
  record Checked(Invariant invariant, Finding finding) {}

  /**
   * How fast orders came to their end, as who placed them saw it.
   *
   * @param orders how many were waited for; 0 if none
   */
  record Speed(long orders, double perSecond, double p50Millis, double p99Millis) {

    static Speed of(Tally tally, double seconds) {
      long orders = tally.endedOrders();
      return new Speed(
          orders, orders / seconds, tally.millisToTheEnd(50), tally.millisToTheEnd(99));
    }
  }

  static Verdict of(ScenarioSettings settings, double seconds, Tally tally, Books books) {
    var invariants = new ArrayList<>(ALWAYS);
    invariants.addAll(settings.scenario().invariants());
    return new Verdict(
        settings,
        seconds,
        tally.counts(),
        ends(books),
        Speed.of(tally, seconds),
        invariants.stream()
            .map(invariant -> new Checked(invariant, invariant.check(books)))
            .toList());
  }

  private static SequencedMap<String, Long> ends(Books books) {
    var ends = new LinkedHashMap<String, Long>();
    count(ends, "orders", books.trade().orders(), Verdict::end);
    count(
        ends,
        "goods",
        books.trade().orders().stream()
            .filter(order -> !order.fulfilment().equals("NONE"))
            .toList(),
        Order::fulfilment);
    count(ends, "payments", books.trade().payments(), Books.Payment::state);
    count(ends, "refunds", books.trade().refunds(), Books.Refund::state);
    count(ends, "withdrawals", books.money().withdrawals(), Books.Withdrawal::state);
    count(ends, "top-ups", books.money().topUps(), Books.TopUp::state);
    count(ends, "sagas", books.trade().sagas(), saga -> saga.definition() + " " + saga.state());
    return ends;
  }

  private static String end(Order order) {
    return order.reasonCode() == null ? order.state() : order.state() + " " + order.reasonCode();
  }

  private static <T> void count(
      Map<String, Long> ends, String title, List<T> things, Function<T, String> state) {
    new TreeMap<>(things.stream().collect(groupingBy(state, counting())))
        .forEach((end, count) -> ends.put(title + " " + end, count));
  }

  boolean isGood() {
    return checked.stream().allMatch(check -> check.finding().broken().isEmpty());
  }

  /** Whether something is still under way, for which it can be waited. */
  boolean hasOpen() {
    return checked.stream()
        .anyMatch(
            check ->
                check.invariant().equals(TradeInvariants.NOTHING_OPEN)
                    && !check.finding().broken().isEmpty());
  }

  /** For people. */
  String table() {
    var text = new StringBuilder();
    text.append(
        "%s: %d actors, %.1f s, seed %d%n"
            .formatted(settings.scenario().name(), settings.actors(), seconds, settings.seed()));
    text.append("%n  asked for%n".formatted());
    counts.forEach((what, count) -> text.append(row(what, count)));
    if (speed.orders() > 0) {
      text.append("%n  orders that were waited for%n".formatted());
      text.append(row("orders/s", Math.round(speed.perSecond())));
      text.append(row("ms to the end, at the median", Math.round(speed.p50Millis())));
      text.append(row("ms to the end, at 99 %", Math.round(speed.p99Millis())));
    }
    text.append("%n  in the end%n".formatted());
    ends.forEach((what, count) -> text.append(row(what, count)));
    text.append("%n  what must hold, and at how many things was looked%n".formatted());
    checked.forEach(check -> text.append(row(check)));
    long broken = checked.stream().filter(check -> !check.finding().broken().isEmpty()).count();
    text.append(
        broken == 0
            ? "%nall %d hold%n".formatted(checked.size())
            : "%n%d of %d DO NOT HOLD%n".formatted(broken, checked.size()));
    return text.toString();
  }

  private static String row(String what, long count) {
    return ("    %-" + WIDTH + "s %,10d%n").formatted(what, count);
  }

  private static String row(Checked check) {
    var broken = check.finding().broken();
    var text = new StringBuilder();
    text.append(
        "    %-8s %,8d  %s%n"
            .formatted(
                broken.isEmpty() ? "holds" : "BROKEN",
                check.finding().looked(),
                check.invariant().holds()));
    broken.stream()
        .limit(MOST_ROWS)
        .forEach(row -> text.append("             %s%n".formatted(row)));
    if (broken.size() > MOST_ROWS) {
      text.append("             and %d more%n".formatted(broken.size() - MOST_ROWS));
    }
    return text.toString();
  }

  /** For programs, on one line. */
  String json() {
    var result = new LinkedHashMap<String, Object>();
    result.put("scenario", settings.scenario().name());
    result.put("good", isGood());
    result.put("actors", settings.actors());
    result.put("seed", settings.seed());
    result.put("seconds", seconds);
    result.put("counts", counts);
    result.put("ends", ends);
    if (speed.orders() > 0) {
      result.put("orders_per_s", speed.perSecond());
      result.put("p50_ms", speed.p50Millis());
      result.put("p99_ms", speed.p99Millis());
    }
    var broken = new LinkedHashMap<String, List<String>>();
    for (var check : checked) {
      if (!check.finding().broken().isEmpty()) {
        broken.put(check.invariant().holds(), check.finding().broken());
      }
    }
    result.put("broken", broken);
    return new JsonMapper().writeValueAsString(result);
  }
}
