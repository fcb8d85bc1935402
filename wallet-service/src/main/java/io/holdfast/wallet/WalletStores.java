package io.holdfast.wallet;

/** What the wallet's part in a saga writes to, locked in this order. */
record WalletStores(WalletStore wallets, VoucherStore vouchers, QuotaStore quotas) {}
