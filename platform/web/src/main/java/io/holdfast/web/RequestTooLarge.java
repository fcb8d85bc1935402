package io.holdfast.web;

import java.io.IOException;

/** More bytes came than a request may have. */
final class RequestTooLarge extends IOException {

  RequestTooLarge(long limit) {
    super("the body has more than " + limit + " bytes");
  }
}
