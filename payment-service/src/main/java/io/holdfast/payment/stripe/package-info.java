/** The provider as it is reached: Stripe's API, by its own library over our own transport. */
@NullMarked
package io.holdfast.payment.stripe;

import org.jspecify.annotations.NullMarked;
