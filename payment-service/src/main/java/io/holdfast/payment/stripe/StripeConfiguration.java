package io.holdfast.payment.stripe;

import io.holdfast.payment.PaymentProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The wiring of the provider. */
@Configuration(proxyBeanMethods = false)
class StripeConfiguration {

  @Bean
  StripeConnection stripeConnection(PaymentProperties properties) {
    return new StripeConnection(
        properties.apiBase(),
        properties.apiKey(),
        properties.connectTimeout(),
        properties.answerTimeout());
  }

  @Bean
  StripePaymentProvider paymentProvider(StripeConnection stripe) {
    return new StripePaymentProvider(stripe);
  }

  @Bean
  StripeTransferProvider transferProvider(StripeConnection stripe) {
    return new StripeTransferProvider(stripe);
  }
}
