package io.holdfast.payment.stripe;

import io.holdfast.payment.PaymentProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The wiring of the provider. */
@Configuration(proxyBeanMethods = false)
class StripeConfiguration {

  private static final int MOST_LISTED = 5_000;

  @Bean
  StripeConnection stripeConnection(PaymentProperties properties) {
    return new StripeConnection(
        properties.apiBase(),
        properties.apiKey(),
        properties.connectTimeout(),
        properties.answerTimeout());
  }

  /** A look ends well before the claim of whoever asks: another one begins when that is over. */
  @Bean
  StripeLists stripeLists(StripeConnection stripe, PaymentProperties properties) {
    return new StripeLists(stripe, MOST_LISTED, properties.lease().multipliedBy(2).dividedBy(3));
  }

  @Bean
  StripePaymentProvider paymentProvider(StripeConnection stripe, StripeLists lists) {
    return new StripePaymentProvider(stripe, lists);
  }

  @Bean
  StripeTransferProvider transferProvider(StripeConnection stripe, StripeLists lists) {
    return new StripeTransferProvider(stripe, lists);
  }
}
