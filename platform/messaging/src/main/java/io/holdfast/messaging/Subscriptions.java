package io.holdfast.messaging;

import java.util.List;

/**
 * What a service reads, where that is known only once its other beans are made. A bean of this type
 * counts as a {@link Subscription} bean for each.
 */
public record Subscriptions(List<Subscription> all) {

  public Subscriptions {
    all = List.copyOf(all);
  }
}
