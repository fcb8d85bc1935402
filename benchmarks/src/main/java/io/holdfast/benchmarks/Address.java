package io.holdfast.benchmarks;

import java.util.List;

/**
 * Where the services answer.
 *
 * @param orderPorts one for each instance of the order service
 */
public record Address(
    List<Integer> orderPorts, int inventoryPort, int walletPort, int paymentPort, int sagaPort) {}
