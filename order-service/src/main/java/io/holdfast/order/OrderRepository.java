package io.holdfast.order;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Reads single orders with their lines. Writing is {@link OrderStore}'s alone.
 *
 * <p>Each read is one transaction: lines are loaded while the order is being read, and without a
 * transaction that takes a second connection. As many readers as the pool has connections would
 * then wait for each other.
 */
@Transactional(readOnly = true)
interface OrderRepository extends Repository<Order, UUID> {

  Optional<Order> findByOrderId(UUID orderId);

  /** The order if it is this customer's: somebody else's is as unknown as none. */
  Optional<Order> findByOrderIdAndCustomerId(UUID orderId, UUID customerId);
}
