/**
 * A payment provider to try things out with. It speaks the part of Stripe's protocol that the
 * payment service uses, and has cards that decline, answer late or lose their answer. It stands for
 * the outside world and shares nothing with the service but the process and the database.
 */
@NullMarked
package io.holdfast.payment.sandbox;

import org.jspecify.annotations.NullMarked;
