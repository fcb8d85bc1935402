package io.holdfast.wallet;

import io.holdfast.messaging.UuidV7;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.transaction.support.TransactionOperations;

/** Charges metered services: free quota first, then the balance, in one transaction. */
final class ChargeHandler {

  private final WalletStores stores;
  private final ChargeStore charges;
  private final LowBalanceNotice lowBalance;
  private final TransactionOperations transactions;
  private final Map<String, WalletProperties.Service> services;
  private final WalletMetrics metrics;

  ChargeHandler(
      WalletStores stores,
      ChargeStore charges,
      LowBalanceNotice lowBalance,
      TransactionOperations transactions,
      Map<String, WalletProperties.Service> services,
      WalletMetrics metrics) {
    this.stores = stores;
    this.charges = charges;
    this.lowBalance = lowBalance;
    this.transactions = transactions;
    this.services = services;
    this.metrics = metrics;
  }

  /** What became of a charge. */
  sealed interface Outcome {

    /** Charged or refused, now or when the reference was reported first. */
    record Stands(Charge charge) implements Outcome {}

    /** The reference was reported with another service or number of units; nothing was done. */
    record OtherRequest() implements Outcome {}

    /** The wallet is in another currency than the service; nothing was done. */
    record OtherCurrency(String serviceCurrency) implements Outcome {}

    /** There is no such service; nothing was done. */
    record UnknownService() implements Outcome {}
  }

  /** Why a charge would be allowed or not. */
  enum Why {
    /** Free quota covers all of it. */
    FREE,
    /** The balance covers what free quota does not. */
    BALANCE,
    /** There is not enough balance. */
    INSUFFICIENT,
    /** The balance is in another currency. */
    CURRENCY_MISMATCH
  }

  /**
   * What a charge would do now.
   *
   * @param freeUnits how many units would be free
   * @param amountMinor what the others would cost, in minor units of the currency
   */
  record Check(
      String service,
      long units,
      boolean allowed,
      Why why,
      long freeUnits,
      long amountMinor,
      String currency) {}

  Outcome charge(UUID walletId, String reference, String service, long units) {
    var settings = services.get(service);
    if (settings == null) {
      return new Outcome.UnknownService();
    }
    return Objects.requireNonNull(
        transactions.execute(_ -> chargeOnce(walletId, reference, service, units, settings)));
  }

  /**
   * Locks, decides, and then lets the reference's key say whether this is the first report: if it
   * is not, nothing that was decided here is written.
   */
  private Outcome chargeOnce(
      UUID walletId,
      String reference,
      String service,
      long units,
      WalletProperties.Service settings) {
    var wallet = stores.wallets().lock(walletId, settings.currency());
    var quotas =
        new Quotas(
            stores
                .quotas()
                .lock(Set.of(new QuotaStore.Of(walletId, service)), Set.<Quota.Key>of()));
    long free = Math.min(units, quotas.free(walletId, service));
    long amount = (units - free) * settings.unitPriceMinor();
    boolean isCovered = wallet.availableMinor() >= amount;
    boolean isOtherCurrency = amount > 0 && !wallet.currency().equals(settings.currency());
    var charge =
        new Charge(
            UuidV7.next(),
            walletId,
            reference,
            service,
            units,
            isCovered ? free : 0,
            isCovered ? amount : 0,
            settings.currency(),
            !isCovered);
    if (isOtherCurrency || !charges.insert(charge)) {
      var known = charges.find(walletId, reference);
      if (known.isEmpty()) {
        return new Outcome.OtherCurrency(settings.currency());
      }
      metrics.racePrevented("charge");
      return known.get().service().equals(service) && known.get().units() == units
          ? new Outcome.Stands(known.get())
          : new Outcome.OtherRequest();
    }
    if (isCovered) {
      write(charge, wallet, quotas);
      metrics.charged(amount == 0 ? "quota" : "balance");
    } else {
      metrics.insufficientBalance();
      metrics.charged("refused");
    }
    return new Outcome.Stands(charge);
  }

  private void write(Charge charge, Wallet wallet, Quotas quotas) {
    if (charge.amountMinor() > 0) {
      var entry =
          new WalletEntry(
              charge.id(), WalletEntry.Operation.CHARGE, charge.walletId(), charge.amountMinor());
      stores.wallets().save(List.of(entry));
      lowBalance.changed(charge.id(), wallet, wallet.plus(entry));
    }
    if (charge.freeUnits() > 0) {
      var key = new Quota.Key(charge.walletId(), charge.service(), quotas.month());
      quotas.move(
          new QuotaEntry(key, charge.id(), QuotaEntry.Operation.CHARGE, charge.freeUnits()));
    }
    quotas.save(stores.quotas(), metrics);
  }

  /** What a charge would do now; empty if there is no such service. */
  Optional<Check> check(UUID walletId, String service, long units) {
    var settings = services.get(service);
    if (settings == null) {
      return Optional.empty();
    }
    long free = Math.min(units, stores.quotas().free(walletId, service));
    long amount = (units - free) * settings.unitPriceMinor();
    var wallet =
        stores.wallets().find(walletId).orElse(Wallet.empty(walletId, settings.currency()));
    Why why;
    if (amount == 0) {
      why = Why.FREE;
    } else if (!wallet.currency().equals(settings.currency())) {
      why = Why.CURRENCY_MISMATCH;
    } else {
      why = wallet.availableMinor() >= amount ? Why.BALANCE : Why.INSUFFICIENT;
    }
    boolean allowed = why == Why.FREE || why == Why.BALANCE;
    return Optional.of(new Check(service, units, allowed, why, free, amount, settings.currency()));
  }
}
