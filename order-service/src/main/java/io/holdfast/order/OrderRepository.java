package io.holdfast.order;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.repository.Repository;

/** Reads single orders with their lines. Writing is {@link OrderStore}'s alone. */
interface OrderRepository extends Repository<Order, UUID> {

  Optional<Order> findByOrderId(UUID orderId);

  /** The order if it is this customer's: somebody else's is as unknown as none. */
  Optional<Order> findByOrderIdAndCustomerId(UUID orderId, UUID customerId);
}
