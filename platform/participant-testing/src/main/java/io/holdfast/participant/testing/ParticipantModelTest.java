package io.holdfast.participant.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Envelope;
import io.holdfast.testing.StatementCounter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Random batches against a model that handles one command after the other: repeated keys, mixed
 * commands, shortage, repetitions and copies. The seed is in every failure and in the log; repeat a
 * run with {@code -Dholdfast.seed=...}.
 *
 * @param <T> body of the try command
 */
public abstract class ParticipantModelTest<T> {

  private static final int COMMANDS = 2_500;
  private static final int LARGEST_BATCH = 120;

  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private StatementCounter statements;

  /** Where the units of one resource are. */
  public record Units(long available, long held, long taken) {}

  /**
   * What a try asks for.
   *
   * @param units by resource
   * @param partial whether less will do, if only one resource is asked for
   */
  public record Demand(Map<String, Long> units, boolean partial) {}

  /** The participant that is tested. */
  protected abstract ParticipantContract<T> contract();

  /** Makes {@code units} more of a resource available; the first ones make it known. */
  protected abstract void supply(String resource, long units);

  /** The body of a try. */
  protected abstract T request(Demand demand);

  /** Where the resource's units are, as the service says. */
  protected abstract Units observe(String resource);

  /** The most resources that one try may ask for. */
  protected abstract int resourcesPerTry();

  /** Whether a try may ask for less. */
  protected abstract boolean allowsPartial();

  /** Fails unless the journal and the totals agree. */
  protected abstract void checkJournal();

  private enum State {
    TRIED,
    REFUSED,
    CONFIRMED,
    CANCELLED,
    EMPTY
  }

  private enum Outcome {
    DONE,
    REFUSED,
    CONFLICT
  }

  /** The sequential truth. */
  private static final class Model {

    final Map<String, Units> units = new TreeMap<>();
    final Map<SagaId, State> states = new HashMap<>();
    final Map<SagaId, Demand> demands = new HashMap<>();
    final Map<SagaId, Map<String, Long>> holds = new HashMap<>();

    Outcome tryIt(SagaId saga, Demand demand) {
      var state = states.get(saga);
      if (state == null) {
        demands.put(saga, demand);
        boolean enough =
            demand.units().entrySet().stream()
                .allMatch(wanted -> units(wanted.getKey()).available() >= wanted.getValue());
        if (!enough && !demand.partial()) {
          states.put(saga, State.REFUSED);
          return Outcome.REFUSED;
        }
        var hold = new HashMap<String, Long>();
        demand
            .units()
            .forEach((key, count) -> hold.put(key, Math.min(count, units(key).available())));
        hold.forEach((key, count) -> move(key, -count, count, 0));
        holds.put(saga, hold);
        states.put(saga, State.TRIED);
        return Outcome.DONE;
      }
      var first = demands.get(saga);
      if (first != null && !first.equals(demand)) {
        return Outcome.CONFLICT;
      }
      return switch (state) {
        case TRIED, CONFIRMED -> Outcome.DONE;
        case REFUSED, CANCELLED, EMPTY -> Outcome.REFUSED;
      };
    }

    Outcome confirm(SagaId saga) {
      return switch (states.getOrDefault(saga, State.EMPTY)) {
        case TRIED -> {
          holds.getOrDefault(saga, Map.of()).forEach((key, count) -> move(key, 0, -count, count));
          states.put(saga, State.CONFIRMED);
          yield Outcome.DONE;
        }
        case CONFIRMED -> Outcome.DONE;
        case REFUSED, CANCELLED, EMPTY -> Outcome.CONFLICT;
      };
    }

    Outcome cancel(SagaId saga) {
      var state = states.get(saga);
      if (state == null) {
        states.put(saga, State.EMPTY);
        return Outcome.DONE;
      }
      return switch (state) {
        case TRIED -> {
          holds.getOrDefault(saga, Map.of()).forEach((key, count) -> move(key, count, -count, 0));
          states.put(saga, State.CANCELLED);
          yield Outcome.DONE;
        }
        case REFUSED, CANCELLED, EMPTY -> Outcome.DONE;
        case CONFIRMED -> Outcome.CONFLICT;
      };
    }

    Units units(String key) {
      return units.getOrDefault(key, new Units(0, 0, 0));
    }

    void move(String key, long available, long held, long taken) {
      var before = units(key);
      units.put(
          key,
          new Units(before.available() + available, before.held() + held, before.taken() + taken));
    }
  }

  @Test
  @Tag("F4")
  @Tag("F16")
  @Tag("F17")
  @Tag("F20")
  void randomBatchesEndAsOneCommandAfterTheOtherWould() {
    long seed = Long.getLong("holdfast.seed", System.nanoTime());
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var driver = new CommandDriver<>(contract(), consumers, jdbc);
    var model = new Model();
    var keys = IntStream.range(0, 6).mapToObj(i -> "R" + i + "-" + seed).toList();
    var sagas = new ArrayList<SagaId>();
    var sent = new ArrayList<Envelope>();
    keys.forEach(key -> supplyBoth(model, key, 20));

    for (int commands = 0; commands < COMMANDS; ) {
      if (random.nextInt(3) == 0) {
        supplyBoth(model, keys.get(random.nextInt(keys.size())), 1 + random.nextInt(40));
      }
      var batch = new ArrayList<Envelope>();
      var fresh = new ArrayList<Envelope>();
      var expected = new ArrayList<Outcome>();
      int size = 1 + random.nextInt(LARGEST_BATCH);
      for (int i = 0; i < size; i++) {
        if (!sent.isEmpty() && random.nextInt(8) == 0) {
          batch.add(sent.get(random.nextInt(sent.size())));
          continue;
        }
        var command = next(random, driver, model, keys, sagas, expected);
        batch.add(command);
        fresh.add(command);
        sent.add(command);
      }
      var executed = statements.executedBy(() -> driver.deliver(batch));
      assertThat(StatementCounter.attempts(executed))
          .as("a constraint fired before the code refused, seed %d", seed)
          .isEqualTo(1);
      commands += batch.size();

      var outcomes = driver.answersTo(fresh).stream().map(ParticipantModelTest::outcome).toList();
      assertThat(outcomes).as("answers, seed %d", seed).isEqualTo(expected);
      for (var key : keys) {
        assertThat(observe(key)).as("%s, seed %d", key, seed).isEqualTo(model.units(key));
      }
      checkJournal();
    }
  }

  private void supplyBoth(Model model, String key, long units) {
    supply(key, units);
    model.move(key, units, 0, 0);
  }

  /** A command that makes sense at least sometimes; confirms only of what is known. */
  private Envelope next(
      Random random,
      CommandDriver<T> driver,
      Model model,
      List<String> keys,
      List<SagaId> sagas,
      List<Outcome> expected) {
    boolean isNew = sagas.isEmpty() || random.nextInt(10) < 4;
    var saga =
        isNew
            ? CommandDriver.newSaga()
            : sagas.get(Math.max(0, sagas.size() - 1 - random.nextInt(60)));
    if (isNew) {
      sagas.add(saga);
    }
    var phase = phase(random, isNew);
    return switch (phase) {
      case TRY -> {
        var known = model.demands.get(saga);
        var demand = known != null && random.nextInt(10) > 0 ? known : demand(random, keys);
        expected.add(model.tryIt(saga, demand));
        yield driver.tryIt(saga, request(demand));
      }
      case CONFIRM -> {
        expected.add(model.confirm(saga));
        yield driver.confirm(saga);
      }
      case CANCEL -> {
        expected.add(model.cancel(saga));
        yield driver.cancel(saga);
      }
    };
  }

  private static Phase phase(Random random, boolean isNew) {
    if (isNew) {
      return random.nextInt(8) == 0 ? Phase.CANCEL : Phase.TRY;
    }
    return switch (random.nextInt(5)) {
      case 0 -> Phase.TRY;
      case 1, 2 -> Phase.CONFIRM;
      default -> Phase.CANCEL;
    };
  }

  private Demand demand(Random random, List<String> keys) {
    var units = new TreeMap<String, Long>();
    int count = 1 + random.nextInt(resourcesPerTry());
    for (int i = 0; i < count; i++) {
      units.put(keys.get(random.nextInt(keys.size())), 1L + random.nextInt(7));
    }
    return new Demand(units, allowsPartial() && random.nextInt(3) == 0);
  }

  private static Outcome outcome(CommandDriver.Answer answer) {
    if (answer.isDone()) {
      return Outcome.DONE;
    }
    return answer.isRefused() ? Outcome.REFUSED : Outcome.CONFLICT;
  }
}
