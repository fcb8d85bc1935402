package io.holdfast.payment;

import io.holdfast.testing.FreshDatabase;
import io.holdfast.testing.HoldfastTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.test.context.ContextConfiguration;

/** A test of the service with its sandbox behind a network that fails on demand. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@HoldfastTest({
  "spring.config.name=payment-service",
  "holdfast.payment.answer-timeout=1s",
  "holdfast.payment.connect-timeout=1s",
  "holdfast.payment.lease=3s",
  "holdfast.payment.first-retry-after=20ms",
  "holdfast.payment.last-retry-after=300ms",
  "holdfast.payment.absence-certain-after=6s",
  "holdfast.payment.pending-poll-after=200ms",
  "holdfast.payment.reconciliation.daily=false",
  "holdfast.payment.webhook.secrets=whsec_sandbox,whsec_before"
})
@ContextConfiguration(initializers = {FreshDatabase.class, FaultyNetwork.InFrontOfTheSandbox.class})
public @interface PaymentServiceTest {}
