package io.holdfast.wallet;

import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code wallet_charge}. */
final class ChargeStore {

  private final JdbcClient jdbc;

  ChargeStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static final String INSERT =
      """
      insert into wallet_charge (wallet_id, reference, id, service, units, free_units, amount_minor,
        currency, refused)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict do nothing
      """;

  /**
   * @return false if the reference was charged before, or refused
   */
  boolean insert(Charge charge) {
    return jdbc.sql(INSERT)
            .params(
                charge.walletId(),
                charge.reference(),
                charge.id(),
                charge.service(),
                charge.units(),
                charge.freeUnits(),
                charge.amountMinor(),
                charge.currency(),
                charge.refused())
            .update()
        == 1;
  }

  private static final String FIND =
      """
      select id, wallet_id, reference, service, units, free_units, amount_minor, currency, refused
      from wallet_charge
      where wallet_id = ? and reference = ?
      """;

  Optional<Charge> find(UUID walletId, String reference) {
    return jdbc.sql(FIND)
        .params(walletId, reference)
        .query(
            (row, _) ->
                new Charge(
                    row.getObject("id", UUID.class),
                    row.getObject("wallet_id", UUID.class),
                    row.getString("reference"),
                    row.getString("service"),
                    row.getLong("units"),
                    row.getLong("free_units"),
                    row.getLong("amount_minor"),
                    row.getString("currency"),
                    row.getBoolean("refused")))
        .optional();
  }
}
