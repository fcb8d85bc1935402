package io.holdfast.web.testing;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.PropertySource;

/** How springdoc describes a service under test: only what its code says. */
@AutoConfiguration
@PropertySource("classpath:io/holdfast/web/testing/springdoc.properties")
class SpringdocSettings {}
