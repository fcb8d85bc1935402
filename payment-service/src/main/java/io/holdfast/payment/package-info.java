/**
 * Money outside of the platform: card payments, refunds, payouts and top-ups at a provider. Here is
 * what starts the service and what can be set; each part has a package of its own.
 */
@NullMarked
package io.holdfast.payment;

import org.jspecify.annotations.NullMarked;
