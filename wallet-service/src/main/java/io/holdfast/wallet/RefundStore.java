package io.holdfast.wallet;

import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;
import static java.util.stream.Collectors.toMap;

import io.holdfast.messaging.RedoBatch;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code wallet_refund}. A batch of commands takes three statements at most, whatever its
 * size: lock, insert, update. The primary key decides who refunds a reference: whoever inserts it
 * second has its batch done again, and then sees the first.
 */
final class RefundStore {

  private final JdbcClient jdbc;

  RefundStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static final String LOCK =
      """
      select wallet_id, reference_type, reference_id, saga_id, amount_minor, state
      from wallet_refund
      where (wallet_id, reference_type, reference_id) in (
        select wallet_id, type, id
        from unnest(?::uuid[], ?::text[], ?::text[]) wanted (wallet_id, type, id))
      order by wallet_id, reference_type, reference_id
      for no key update
      """;

  /** These refunds, locked in the order of their keys; unknown ones are left out. */
  Map<RefundHold.Key, Refund> lock(Collection<RefundHold.Key> keys) {
    var wanted = List.copyOf(keys);
    if (wanted.isEmpty()) {
      return Map.of();
    }
    return jdbc
        .sql(LOCK)
        .params(
            uuids(wanted, RefundHold.Key::walletId),
            texts(wanted, RefundHold.Key::referenceType),
            texts(wanted, RefundHold.Key::referenceId))
        .query(RefundStore::read)
        .list()
        .stream()
        .collect(toMap(Refund::key, refund -> refund));
  }

  private static Refund read(ResultSet row, int number) throws SQLException {
    return new Refund(
        new RefundHold.Key(
            row.getObject("wallet_id", UUID.class),
            row.getString("reference_type"),
            row.getString("reference_id")),
        row.getObject("saga_id", UUID.class),
        row.getLong("amount_minor"),
        Refund.State.valueOf(row.getString("state")));
  }

  private static final String INSERT =
      """
      insert into wallet_refund
        (wallet_id, reference_type, reference_id, saga_id, amount_minor, state)
      select wallet_id, type, id, saga_id, amount, state
      from unnest(?::uuid[], ?::text[], ?::text[], ?::uuid[], ?::bigint[], ?::text[])
        refund (wallet_id, type, id, saga_id, amount, state)
      """;

  private static final String UPDATE =
      """
      update wallet_refund r
      set saga_id = refund.saga_id, amount_minor = refund.amount, state = refund.state,
        changed_at = now()
      from unnest(?::uuid[], ?::text[], ?::text[], ?::uuid[], ?::bigint[], ?::text[])
        refund (wallet_id, type, id, saga_id, amount, state)
      where r.wallet_id = refund.wallet_id and r.reference_type = refund.type
        and r.reference_id = refund.id and r.state <> 'PAID'
      """;

  /** Writes refunds that were not there, and those that are locked and different now. */
  void save(List<Refund> added, List<Refund> changed) {
    if (!added.isEmpty()) {
      write(INSERT, added);
    }
    if (!changed.isEmpty()) {
      RedoBatch.unlessAll("refunds", write(UPDATE, changed), changed.size());
    }
  }

  private int write(String sql, List<Refund> refunds) {
    return jdbc.sql(sql)
        .params(
            uuids(refunds, refund -> refund.key().walletId()),
            texts(refunds, refund -> refund.key().referenceType()),
            texts(refunds, refund -> refund.key().referenceId()),
            uuids(refunds, Refund::sagaId),
            longs(refunds, Refund::amountMinor),
            texts(refunds, refund -> refund.state().name()))
        .update();
  }
}
