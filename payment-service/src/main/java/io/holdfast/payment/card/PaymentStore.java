package io.holdfast.payment.card;

import static io.holdfast.messaging.SqlArrays.booleans;
import static io.holdfast.messaging.SqlArrays.ints;
import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.times;
import static io.holdfast.messaging.SqlArrays.uuids;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.NextDue;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.payment.provider.ProviderAction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlValue;

/**
 * The table {@code payment}. A batch of commands costs one read and at most two writes; a claim of
 * due payments one read and one write; a round of the provider's answers one read and one write.
 */
public class PaymentStore {

  private final JdbcClient jdbc;
  private final NextDue nextDue;
  private final Duration lease;

  /**
   * @param lease how long a claim is its claimer's alone
   */
  PaymentStore(JdbcClient jdbc, Duration lease) {
    this.jdbc = jdbc;
    this.nextDue = new NextDue(jdbc, "payment");
    this.lease = lease;
  }

  private static final String LOAD_LOCKED =
      """
      select *
      from payment
      where saga_id = any (?)
      order by saga_id
      for update
      """;

  /** Loads and locks payments, in the order of their sagas. */
  List<Payment> loadLocked(Collection<SagaId> sagas) {
    return jdbc.sql(LOAD_LOCKED)
        .param(uuids(sagas.stream().map(SagaId::value).toList()))
        .query(PaymentStore::payment)
        .list();
  }

  private static final String LOAD =
      """
      select *
      from payment
      where saga_id = ?
      """;

  Optional<Payment> load(SagaId saga) {
    return jdbc.sql(LOAD).param(saga.value()).query(PaymentStore::payment).optional();
  }

  /**
   * A payment as people see it.
   *
   * @param refundingMinor set aside for refunds that are not done yet
   * @param refundedMinor given back
   * @param alarm what an operator has to look at
   * @param nextActionAt when it is looked at again; null if it is where it is wanted
   */
  record View(
      Payment payment,
      long refundingMinor,
      long refundedMinor,
      @Nullable String alarm,
      @Nullable Instant nextActionAt,
      Instant createdAt,
      Instant changedAt) {}

  Optional<View> view(SagaId saga) {
    return jdbc.sql(LOAD)
        .param(saga.value())
        .query(
            (row, number) ->
                new View(
                    payment(row, number),
                    row.getLong("refunding_minor"),
                    row.getLong("refunded_minor"),
                    row.getString("alarm"),
                    instant(row, "next_action_at"),
                    time(row, "created_at"),
                    time(row, "changed_at")))
        .optional();
  }

  private static final String INSERT =
      """
      insert into payment (saga_id, amount_minor, currency, payment_method, state, wanted, outcome_unknown, round, attempts,
        version, next_action_at)
      select saga_id, amount_minor, currency, payment_method, state, wanted, false, 0, 0,
        0, case when due then now() end
      from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[])
        as t (saga_id, amount_minor, currency, payment_method, state, wanted, due)
      """;

  /**
   * Stores new payments.
   *
   * @throws org.springframework.dao.DuplicateKeyException if one is there already
   */
  void insert(List<Payment> payments) {
    if (payments.isEmpty()) {
      return;
    }
    jdbc.sql(INSERT)
        .params(
            ids(payments),
            longs(payments, Payment::amountMinor),
            texts(payments, Payment::currency),
            texts(payments, Payment::paymentMethod),
            texts(payments, p -> p.state().name()),
            texts(payments, p -> p.wanted().name()),
            booleans(payments, p -> !p.isSettled()))
        .update();
  }

  private static SqlValue ids(List<Payment> payments) {
    return uuids(payments, payment -> payment.sagaId().value());
  }

  /**
   * Who is talking to the provider keeps its lease: it sees the new wish when it records the
   * answer.
   */
  private static final String UPDATE_WANTED =
      """
      update payment p
      set state = t.state,
        wanted = t.wanted,
        wanted_at = now(),
        changed_at = now(),
        next_action_at = case
          when t.settled then null
          when t.under_way and p.next_action_at is not null then p.next_action_at
          else now() end
      from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::boolean[], ?::boolean[])
        as t (saga_id, version, state, wanted, settled, under_way)
      where p.saga_id = t.saga_id
        and p.version = t.version
      """;

  /**
   * Stores what is wanted of payments that were loaded and locked in this transaction.
   *
   * @throws RedoBatch if one has changed since
   */
  void updateWanted(List<Payment> payments) {
    if (payments.isEmpty()) {
      return;
    }
    int updated =
        jdbc.sql(UPDATE_WANTED)
            .params(
                ids(payments),
                longs(payments, Payment::version),
                texts(payments, p -> p.state().name()),
                texts(payments, p -> p.wanted().name()),
                booleans(payments, Payment::isSettled),
                booleans(payments, p -> p.state().isUnderWay()))
            .update();
    RedoBatch.unlessAll("payments to update", updated, payments.size());
  }

  /**
   * A payment to talk to the provider about.
   *
   * @param action what to do
   * @param payment as it is stored now
   * @param at when it was claimed: before the provider was asked
   */
  record Claim(ProviderAction action, Payment payment, Instant at) {}

  private static final String DUE =
      """
      select *, now() as claimed_at
      from payment
      where next_action_at <= now()
      order by next_action_at
      limit ?
      for update skip locked
      """;

  private static final String CLAIM =
      """
      update payment p
      set state = t.state,
        outcome_unknown = t.outcome_unknown,
        attempts = t.attempts,
        version = t.version,
        first_sent_at = t.first_sent_at,
        last_sent_at = t.last_sent_at,
        next_action_at = now() + make_interval(secs => ?),
        changed_at = now()
      from unnest(?::uuid[], ?::text[], ?::boolean[], ?::integer[], ?::bigint[], ?::text[]::timestamptz[], ?::text[]::timestamptz[])
        as t (saga_id, state, outcome_unknown, attempts, version, first_sent_at, last_sent_at)
      where p.saga_id = t.saga_id
        and p.version = t.version - 1
      """;

  /** Claims payments that are due, and stores what is about to be done. */
  List<Claim> claim(int limit) {
    var claims =
        jdbc.sql(DUE)
            .param(limit)
            .query(
                (row, number) -> {
                  var due = payment(row, number);
                  var now = time(row, "claimed_at");
                  return new Claim(due.next(), due.claimed(now), now);
                })
            .list();
    if (!claims.isEmpty()) {
      save(claims.stream().map(Claim::payment).toList());
    }
    return claims;
  }

  private void save(List<Payment> claimed) {
    int updated =
        jdbc.sql(CLAIM)
            .params(
                seconds(lease),
                ids(claimed),
                texts(claimed, p -> p.state().name()),
                booleans(claimed, Payment::outcomeUnknown),
                ints(claimed, Payment::attempts),
                longs(claimed, Payment::version),
                times(claimed, Payment::firstSentAt),
                times(claimed, Payment::lastSentAt))
            .update();
    RedoBatch.unlessAll("payments to claim", updated, claimed.size());
  }

  /**
   * What the provider's answer means for a payment.
   *
   * @param payment as it is to be
   * @param pause until it is looked at again, if it is not settled
   */
  record Learned(Payment payment, Duration pause) {}

  private static final String RECORD =
      """
      update payment p
      set state = t.state,
        outcome_unknown = t.outcome_unknown,
        provider_id = t.provider_id,
        round = t.round,
        attempts = t.attempts,
        capture_before = t.capture_before,
        refusal_code = t.refusal_code,
        refusal_detail = t.refusal_detail,
        last_error = t.last_error,
        next_action_at = case when not t.settled then now() + make_interval(secs => t.pause_micros / 1e6) end,
        changed_at = now()
      from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::boolean[], ?::text[], ?::integer[], ?::integer[],
          ?::text[]::timestamptz[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::bigint[])
        as t (saga_id, version, wanted, state, outcome_unknown, provider_id, round, attempts,
          capture_before, refusal_code, refusal_detail, last_error, settled, pause_micros)
      where p.saga_id = t.saga_id
        and p.version = t.version
        and p.wanted = t.wanted
      """;

  /**
   * Stores what was learned about payments that were loaded and locked in this transaction.
   *
   * @throws RedoBatch if another worker has claimed one, or something else is wanted, since
   */
  void recordAnswers(List<Learned> round) {
    if (round.isEmpty()) {
      return;
    }
    var payments = round.stream().map(Learned::payment).toList();
    int updated =
        jdbc.sql(RECORD)
            .params(
                ids(payments),
                longs(payments, Payment::version),
                texts(payments, p -> p.wanted().name()),
                texts(payments, p -> p.state().name()),
                booleans(payments, Payment::outcomeUnknown),
                texts(payments, Payment::providerId),
                ints(payments, Payment::round),
                ints(payments, Payment::attempts),
                times(payments, Payment::captureBefore),
                texts(payments, p -> p.refusal() == null ? null : p.refusal().code()),
                texts(payments, p -> p.refusal() == null ? null : p.refusal().detail()),
                texts(payments, Payment::lastError),
                booleans(payments, Payment::isSettled),
                longs(round, learned -> learned.pause().toNanos() / 1_000))
            .update();
    RedoBatch.unlessAll("payments to record", updated, round.size());
  }

  private static final String LOCK_REFUNDABLE =
      """
      select saga_id, provider_id, currency, case when state = 'CAPTURED' then amount_minor else 0 end as captured_minor,
        refunding_minor, refunded_minor
      from payment
      where saga_id = any (?)
      order by saga_id
      for update
      """;

  /** Loads and locks payments for what is refunded of them, in the order of their sagas. */
  public List<RefundablePayment> lockRefundable(Collection<UUID> sagas) {
    return jdbc.sql(LOCK_REFUNDABLE)
        .param(uuids(sagas))
        .query(
            (row, _) ->
                new RefundablePayment(
                    row.getObject("saga_id", UUID.class),
                    row.getString("provider_id"),
                    row.getString("currency"),
                    row.getLong("captured_minor"),
                    row.getLong("refunding_minor"),
                    row.getLong("refunded_minor")))
        .list();
  }

  /**
   * By how much a batch has changed what is refunded of a payment.
   *
   * @param refundingMinor set aside for refunds; less than 0 if more was given up than set aside
   * @param refundedMinor given back
   */
  public record Refunded(UUID sagaId, long refundingMinor, long refundedMinor) {

    /** Both changes of the same payment. */
    public Refunded plus(Refunded other) {
      return new Refunded(
          sagaId, refundingMinor + other.refundingMinor, refundedMinor + other.refundedMinor);
    }
  }

  private static final String REFUND =
      """
      update payment p
      set refunding_minor = p.refunding_minor + t.refunding_minor,
        refunded_minor = p.refunded_minor + t.refunded_minor,
        changed_at = now()
      from unnest(?::uuid[], ?::bigint[], ?::bigint[]) as t (saga_id, refunding_minor, refunded_minor)
      where p.saga_id = t.saga_id
      """;

  /** Stores what has changed of payments that were locked in this transaction. */
  public void refund(List<Refunded> changes) {
    if (changes.isEmpty()) {
      return;
    }
    int updated =
        jdbc.sql(REFUND)
            .params(
                uuids(changes, Refunded::sagaId),
                longs(changes, Refunded::refundingMinor),
                longs(changes, Refunded::refundedMinor))
            .update();
    RedoBatch.unlessAll("refunded payments to update", updated, changes.size());
  }

  private static final String CLAIM_FOR_LOOK =
      """
      update payment
      set version = version + 1
      where saga_id = ?
        and version = ?
        and (outcome_unknown or state not in ('AUTHORISING', 'CAPTURING', 'VOIDING'))
      returning *, now() as claimed_at
      """;

  /**
   * Claims a payment for a look at the provider, also from somebody who asks what became of a
   * request; empty if a first request about it is under way, or it has changed.
   */
  Optional<Claim> claimForLook(Payment payment) {
    return jdbc.sql(CLAIM_FOR_LOOK)
        .params(payment.sagaId().value(), payment.version())
        .query(
            (row, number) ->
                new Claim(ProviderAction.QUERY, payment(row, number), time(row, "claimed_at")))
        .optional();
  }

  private static final String ALARM =
      """
      update payment
      set alarm = ?
      where saga_id = ?
      """;

  /** Keeps what an operator has to look at. */
  public void alarm(SagaId saga, String why) {
    jdbc.sql(ALARM).params(why, saga.value()).update();
  }

  private static final String LOAD_ALL =
      """
      select *
      from payment
      where saga_id = any (?)
      """;

  /** Those of {@code sagas} that there are. */
  public List<Payment> loadAll(Collection<UUID> sagas) {
    return jdbc.sql(LOAD_ALL).param(uuids(sagas)).query(PaymentStore::payment).list();
  }

  private static final String AT_PROVIDER =
      """
      select saga_id, provider_id
      from payment
      where created_at between ? and ?
        and provider_id is not null
        and first_sent_at >= ?
        and first_sent_at < ?
      """;

  /**
   * The provider's ids, by saga, of those that were first sent in a time and are in the provider's
   * books, for all we know.
   *
   * @param margin by how much earlier than it was first sent a row may have been made
   */
  public Map<UUID, String> atProvider(Instant from, Instant to, Duration margin) {
    var ids = new HashMap<UUID, String>();
    jdbc.sql(AT_PROVIDER)
        .params(
            from.minus(margin).atOffset(ZoneOffset.UTC),
            to.atOffset(ZoneOffset.UTC),
            from.atOffset(ZoneOffset.UTC),
            to.atOffset(ZoneOffset.UTC))
        .query(
            row -> {
              ids.put(row.getObject("saga_id", UUID.class), row.getString("provider_id"));
            });
    return ids;
  }

  private static final String NOW =
      """
      select now()
      """;

  /** By the database's clock. */
  public Instant now() {
    return jdbc.sql(NOW).query(OffsetDateTime.class).single().toInstant();
  }

  Duration untilNextDue(Duration atMost) {
    return nextDue.in(atMost);
  }

  /**
   * Payments that are not where they are wanted.
   *
   * @param unknown how many of them have a request out whose outcome could not be learned yet
   * @param oldestSeconds for how long the longest has waited
   */
  record Unsettled(long unknown, double oldestSeconds) {
    static final Unsettled NONE = new Unsettled(0, 0);
  }

  private static final String UNSETTLED =
      """
      select count(*) filter (where outcome_unknown),
        coalesce(extract(epoch from now() - min(wanted_at)), 0)
      from payment
      where next_action_at is not null
      """;

  Unsettled unsettled() {
    return jdbc.sql(UNSETTLED)
        .query((row, _) -> new Unsettled(row.getLong(1), row.getDouble(2)))
        .single();
  }

  private static Payment payment(ResultSet row, int number) throws SQLException {
    String refusalCode = row.getString("refusal_code");
    return new Payment(
        new SagaId(row.getObject("saga_id", UUID.class)),
        row.getLong("amount_minor"),
        row.getString("currency"),
        row.getString("payment_method"),
        PaymentState.valueOf(row.getString("state")),
        Wanted.valueOf(row.getString("wanted")),
        row.getBoolean("outcome_unknown"),
        row.getString("provider_id"),
        row.getInt("round"),
        row.getInt("attempts"),
        row.getLong("version"),
        instant(row, "first_sent_at"),
        instant(row, "last_sent_at"),
        instant(row, "capture_before"),
        refusalCode == null ? null : new Reason(refusalCode, row.getString("refusal_detail")),
        row.getString("last_error"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
