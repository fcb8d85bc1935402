package io.holdfast.payment.transfer;

import static io.holdfast.messaging.SqlArrays.booleans;
import static io.holdfast.messaging.SqlArrays.ints;
import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.times;
import static io.holdfast.messaging.SqlArrays.uuids;

import io.holdfast.contracts.Reason;
import io.holdfast.messaging.NextDue;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.messaging.TraceParent;
import io.holdfast.payment.card.RefundablePayment;
import io.holdfast.payment.card.Refunds;
import io.holdfast.payment.provider.TransferKind;
import io.holdfast.payment.provider.TransferOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code transfer}: refunds, payouts and top-ups. */
public class TransferStore implements Refunds {

  private final JdbcClient jdbc;
  private final NextDue nextDue;
  private final Duration lease;

  /**
   * @param lease how long a claim is its claimer's alone
   */
  TransferStore(JdbcClient jdbc, Duration lease) {
    this.jdbc = jdbc;
    this.nextDue = new NextDue(jdbc, "transfer");
    this.lease = lease;
  }

  private static final String LOAD_LOCKED =
      """
      select *
      from transfer
      where kind = ?
        and id = any (?)
      order by id
      for update
      """;

  /** Loads and locks transfers, in the order of their ids. */
  List<Transfer> loadLocked(TransferKind kind, Collection<UUID> ids) {
    return jdbc.sql(LOAD_LOCKED)
        .params(kind.name(), uuids(ids))
        .query(TransferStore::transfer)
        .list();
  }

  private static final String LOAD =
      """
      select *
      from transfer
      where kind = ?
        and id = ?
      """;

  public Optional<Transfer> load(TransferKind kind, UUID id) {
    return jdbc.sql(LOAD).params(kind.name(), id).query(TransferStore::transfer).optional();
  }

  private static final String LOAD_BY_PROVIDER_ID =
      """
      select *
      from transfer
      where provider_id = ?
      """;

  Optional<Transfer> loadByProviderId(String providerId) {
    return jdbc.sql(LOAD_BY_PROVIDER_ID)
        .param(providerId)
        .query(TransferStore::transfer)
        .optional();
  }

  /**
   * A transfer as people see it.
   *
   * @param nextActionAt when it is looked at again; null if it waits for nothing
   */
  record View(
      Transfer transfer, @Nullable Instant nextActionAt, Instant createdAt, Instant changedAt) {}

  Optional<View> view(TransferKind kind, UUID id) {
    return jdbc.sql(LOAD).params(kind.name(), id).query(TransferStore::view).optional();
  }

  private static final String REFUNDS_OF =
      """
      select *
      from transfer
      where kind = 'REFUND'
        and subject = ?
      order by subject, id
      """;

  @Override
  public List<Refund> refundsOf(UUID payment) {
    return jdbc.sql(REFUNDS_OF).param(payment).query(TransferStore::refund).list();
  }

  @Override
  public void giveBack(Collection<RefundablePayment> payments) {
    var refunds = payments.stream().map(TransferStore::undoing).toList();
    RedoBatch.unlessAll("refunds to insert", insert(refunds), refunds.size());
  }

  private static Transfer undoing(RefundablePayment payment) {
    return Transfer.of(
            new TransferOrder(
                TransferKind.REFUND,
                payment.sagaId(),
                payment.sagaId(),
                payment.leftMinor(),
                payment.currency(),
                Objects.requireNonNull(payment.providerId())),
            TraceParent.random().value())
        .decided();
  }

  private static Refund refund(ResultSet row, int number) throws SQLException {
    var view = view(row, number);
    var refund = view.transfer();
    var failure = refund.failure();
    return new Refund(
        refund.id(),
        refund.state().name(),
        refund.amountMinor(),
        refund.currency(),
        refund.providerId(),
        failure == null ? null : failure.code(),
        failure == null ? null : failure.detail(),
        refund.alarm(),
        view.nextActionAt(),
        view.createdAt(),
        view.changedAt());
  }

  private static View view(ResultSet row, int number) throws SQLException {
    return new View(
        transfer(row, number),
        instant(row, "next_action_at"),
        time(row, "created_at"),
        time(row, "changed_at"));
  }

  private static final String PAID_OUT =
      """
      select subject
      from transfer
      where kind = 'PAYOUT'
        and subject = any (?)
      """;

  /** Which of {@code withdrawals} have a payout. */
  Set<UUID> withdrawalsWithPayout(Collection<UUID> withdrawals) {
    return new HashSet<>(jdbc.sql(PAID_OUT).param(uuids(withdrawals)).query(UUID.class).list());
  }

  private static final String INSERT =
      """
      insert into transfer (kind, id, subject, amount_minor, currency, account, state, outcome_unknown, round, attempts,
        version, trace, next_action_at)
      select kind, id, subject, amount_minor, currency, account, state, false, 0, 0,
        0, trace, case when due then now() end
      from unnest(?::text[], ?::uuid[], ?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[])
        as t (kind, id, subject, amount_minor, currency, account, state, trace, due)
      on conflict do nothing
      """;

  /**
   * Stores new transfers; those that are there already are left alone. Returns how many were new.
   */
  int insert(List<Transfer> transfers) {
    if (transfers.isEmpty()) {
      return 0;
    }
    return jdbc.sql(INSERT)
        .params(
            texts(transfers, t -> t.kind().name()),
            uuids(transfers, Transfer::id),
            uuids(transfers, Transfer::subject),
            longs(transfers, Transfer::amountMinor),
            texts(transfers, Transfer::currency),
            texts(transfers, t -> t.order().account()),
            texts(transfers, t -> t.state().name()),
            texts(transfers, Transfer::trace),
            booleans(transfers, t -> !t.isSettled()))
        .update();
  }

  private static final String UPDATE_DECIDED =
      """
      update transfer r
      set state = t.state,
        changed_at = now(),
        next_action_at = case when t.due then now() end
      from unnest(?::text[], ?::uuid[], ?::bigint[], ?::text[], ?::boolean[])
        as t (kind, id, version, state, due)
      where r.kind = t.kind
        and r.id = t.id
        and r.version = t.version
      """;

  /**
   * Stores what sagas have decided about transfers that were loaded and locked in this transaction.
   *
   * @throws RedoBatch if one has changed since
   */
  void updateDecided(List<Transfer> transfers) {
    if (transfers.isEmpty()) {
      return;
    }
    int updated =
        jdbc.sql(UPDATE_DECIDED)
            .params(
                texts(transfers, t -> t.kind().name()),
                uuids(transfers, Transfer::id),
                longs(transfers, Transfer::version),
                texts(transfers, t -> t.state().name()),
                booleans(transfers, t -> !t.isSettled()))
            .update();
    RedoBatch.unlessAll("transfers to update", updated, transfers.size());
  }

  /**
   * A transfer to talk to the provider about.
   *
   * @param action what to ask
   * @param transfer as it is stored now
   * @param at not later than this the provider is asked
   */
  record Claim(TransferAction action, Transfer transfer, Instant at) {}

  private static final String DUE =
      """
      select *, now() as claimed_at
      from transfer
      where next_action_at <= now()
      order by next_action_at
      limit ?
      for update skip locked
      """;

  private static final String CLAIM =
      """
      update transfer r
      set state = t.state,
        outcome_unknown = t.outcome_unknown,
        attempts = t.attempts,
        version = t.version,
        first_sent_at = t.first_sent_at,
        last_sent_at = t.last_sent_at,
        next_action_at = now() + make_interval(secs => ?),
        changed_at = now()
      from unnest(?::text[], ?::uuid[], ?::text[], ?::boolean[], ?::integer[], ?::bigint[], ?::text[]::timestamptz[],
          ?::text[]::timestamptz[])
        as t (kind, id, state, outcome_unknown, attempts, version, first_sent_at, last_sent_at)
      where r.kind = t.kind
        and r.id = t.id
        and r.version = t.version - 1
      """;

  /** Claims transfers that are due, and stores what is about to be asked. */
  List<Claim> claim(int limit) {
    var claims =
        jdbc.sql(DUE)
            .param(limit)
            .query(
                (row, number) -> {
                  var due = transfer(row, number);
                  var now = time(row, "claimed_at");
                  return new Claim(due.state().next(), due.claimed(now), now);
                })
            .list();
    if (!claims.isEmpty()) {
      save(claims.stream().map(Claim::transfer).toList());
    }
    return claims;
  }

  private void save(List<Transfer> claimed) {
    int updated =
        jdbc.sql(CLAIM)
            .params(
                seconds(lease),
                texts(claimed, t -> t.kind().name()),
                uuids(claimed, Transfer::id),
                texts(claimed, t -> t.state().name()),
                booleans(claimed, Transfer::outcomeUnknown),
                ints(claimed, Transfer::attempts),
                longs(claimed, Transfer::version),
                times(claimed, Transfer::firstSentAt),
                times(claimed, Transfer::lastSentAt))
            .update();
    RedoBatch.unlessAll("transfers to claim", updated, claimed.size());
  }

  /**
   * What was learned about a transfer.
   *
   * @param known as it was loaded
   * @param transfer as it is to be
   * @param pause until it is looked at again, if it is not settled
   */
  record Learned(Transfer known, Transfer transfer, Duration pause) {

    /** Whether it has come to its end by this. */
    boolean isEnd() {
      return transfer.state() != known.state() && transfer.state().isFinal();
    }
  }

  private static final String RECORD =
      """
      update transfer r
      set state = t.state,
        outcome_unknown = t.outcome_unknown,
        provider_id = t.provider_id,
        round = t.round,
        attempts = t.attempts,
        failure_code = t.failure_code,
        failure_detail = t.failure_detail,
        last_error = t.last_error,
        alarm = coalesce(t.alarm, r.alarm),
        next_action_at = case when not t.settled then now() + make_interval(secs => t.pause_micros / 1e6) end,
        changed_at = now()
      from unnest(?::text[], ?::uuid[], ?::text[], ?::bigint[], ?::text[], ?::boolean[], ?::text[], ?::integer[],
          ?::integer[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::bigint[])
        as t (kind, id, was, version, state, outcome_unknown, provider_id, round, attempts, failure_code,
          failure_detail, last_error, alarm, settled, pause_micros)
      where r.kind = t.kind
        and r.id = t.id
        and r.state = t.was
        and r.version = t.version
      """;

  /**
   * Stores what was learned about transfers that were loaded and locked in this transaction: the
   * one place where a transfer gets on, whoever has learned it.
   *
   * @throws RedoBatch if one has got on since it was loaded
   */
  void record(List<Learned> round) {
    if (round.isEmpty()) {
      return;
    }
    var transfers = round.stream().map(Learned::transfer).toList();
    int updated =
        jdbc.sql(RECORD)
            .params(
                texts(transfers, t -> t.kind().name()),
                uuids(transfers, Transfer::id),
                texts(round, learned -> learned.known().state().name()),
                longs(round, learned -> learned.known().version()),
                texts(transfers, t -> t.state().name()),
                booleans(transfers, Transfer::outcomeUnknown),
                texts(transfers, Transfer::providerId),
                ints(transfers, Transfer::round),
                ints(transfers, Transfer::attempts),
                texts(transfers, t -> t.failure() == null ? null : t.failure().code()),
                texts(transfers, t -> t.failure() == null ? null : t.failure().detail()),
                texts(transfers, Transfer::lastError),
                texts(transfers, Transfer::alarm),
                booleans(transfers, Transfer::isSettled),
                longs(round, learned -> learned.pause().toNanos() / 1_000))
            .update();
    RedoBatch.unlessAll("transfers to record", updated, round.size());
  }

  private static final String RECORD_ALARM =
      """
      update transfer
      set alarm = ?
      where kind = ?
        and id = ?
      """;

  /** Keeps what the provider said that cannot be, and changes nothing else. */
  void recordAlarm(Transfer transfer, String why) {
    jdbc.sql(RECORD_ALARM).params(why, transfer.kind().name(), transfer.id()).update();
  }

  Duration untilNextDue(Duration atMost) {
    return nextDue.in(atMost);
  }

  private static final String UNKNOWN =
      """
      select count(*)
      from transfer
      where next_action_at is not null
        and outcome_unknown
      """;

  /** How many have a request out whose outcome could not be learned yet. */
  long countUnknown() {
    return jdbc.sql(UNKNOWN).query(Long.class).single();
  }

  private static final String ALL_OF =
      """
      select *
      from transfer
      where kind = ?
        and id = any (?)
      """;

  /** Those of {@code ids} that there are. */
  public List<Transfer> loadAll(TransferKind kind, Collection<UUID> ids) {
    return jdbc.sql(ALL_OF).params(kind.name(), uuids(ids)).query(TransferStore::transfer).list();
  }

  private static final String AT_PROVIDER =
      """
      select id, provider_id
      from transfer
      where kind = ?
        and created_at between ? and ?
        and provider_id is not null
        and first_sent_at >= ?
        and first_sent_at < ?
      """;

  /**
   * The provider's ids, by ours, of those that were first sent in a time and are in the provider's
   * books, for all we know.
   *
   * @param margin by how much earlier than it was first sent a row may have been made
   */
  public Map<UUID, String> atProvider(
      TransferKind kind, Instant from, Instant to, Duration margin) {
    var ids = new HashMap<UUID, String>();
    jdbc.sql(AT_PROVIDER)
        .params(
            kind.name(),
            from.minus(margin).atOffset(ZoneOffset.UTC),
            to.atOffset(ZoneOffset.UTC),
            from.atOffset(ZoneOffset.UTC),
            to.atOffset(ZoneOffset.UTC))
        .query(
            row -> {
              ids.put(row.getObject("id", UUID.class), row.getString("provider_id"));
            });
    return ids;
  }

  private static Transfer transfer(ResultSet row, int number) throws SQLException {
    String failureCode = row.getString("failure_code");
    return new Transfer(
        new TransferOrder(
            TransferKind.valueOf(row.getString("kind")),
            row.getObject("id", UUID.class),
            row.getObject("subject", UUID.class),
            row.getLong("amount_minor"),
            row.getString("currency"),
            row.getString("account")),
        TransferState.valueOf(row.getString("state")),
        row.getBoolean("outcome_unknown"),
        row.getString("provider_id"),
        row.getInt("round"),
        row.getInt("attempts"),
        row.getLong("version"),
        instant(row, "first_sent_at"),
        instant(row, "last_sent_at"),
        failureCode == null ? null : new Reason(failureCode, row.getString("failure_detail")),
        row.getString("last_error"),
        row.getString("alarm"),
        row.getString("trace"));
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
