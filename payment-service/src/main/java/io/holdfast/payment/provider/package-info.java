/** What is asked of a provider and what it says, whoever it is. */
@NullMarked
package io.holdfast.payment.provider;

import org.jspecify.annotations.NullMarked;
