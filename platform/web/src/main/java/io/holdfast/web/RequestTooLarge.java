package io.holdfast.web;

import java.io.IOException;

/** More bytes came than a request may have. */
final class RequestTooLarge extends IOException {

  static final String CODE = "TOO_LARGE";

  RequestTooLarge(long limit) {
    super("the body has more than " + limit + " bytes");
  }
}
