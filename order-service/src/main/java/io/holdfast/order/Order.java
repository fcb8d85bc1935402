package io.holdfast.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.contracts.Reason;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Embedded;
import org.springframework.data.relational.core.mapping.MappedCollection;
import org.springframework.data.relational.core.mapping.Table;

/**
 * An order as its customer sees it.
 *
 * @param version number of its newest {@link OrderEvent}
 * @param reason why it did not come about; null unless rejected or cancelled
 * @param totalMinor in minor units of the currency
 * @param approval null unless a reviewer has to approve it
 * @param reviewer who approved or rejected it
 * @param reviewReason why it was rejected
 * @param refundedMinor what has been paid back, in minor units of the currency
 * @param trackingCode by which the carrier knows the parcel; null unless it was handed over
 */
@Table("orders")
record Order(
    @Id UUID orderId,
    UUID customerId,
    OrderState state,
    int version,
    @Embedded.Nullable(prefix = "reason_") @Nullable Reason reason,
    @MappedCollection(idColumn = "order_id", keyColumn = "line_no") List<OrderLine> lines,
    long totalMinor,
    String currency,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String voucherCode,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Approval approval,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reviewer,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reviewReason,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant reviewedAt,
    Refunded refundState,
    long refundedMinor,
    Fulfilment fulfilment,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String trackingCode,
    Instant placedAt,
    @Nullable Instant cancelRequestedAt,
    @Nullable Instant endedAt) {

  Order with(OrderProgress progress) {
    return new Order(
        orderId,
        customerId,
        progress.state(),
        progress.version(),
        progress.reason(),
        lines,
        totalMinor,
        currency,
        voucherCode,
        progress.approval(),
        reviewer,
        reviewReason,
        reviewedAt,
        progress.refundState(),
        progress.refundedMinor(),
        progress.fulfilment(),
        progress.trackingCode(),
        placedAt,
        progress.cancelRequestedAt(),
        progress.endedAt());
  }
}
