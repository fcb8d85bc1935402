package io.holdfast.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.ContextConfiguration;

/**
 * A test of one service as it is: its own context with its HTTP port, on a database of its own in
 * this run's PostgreSQL server, with this run's Kafka broker.
 *
 * <p>Say which service: {@code @HoldfastTest("spring.config.name=wallet-service")}. Classes with
 * the same settings share the context and its database, so tests make their own keys.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = FreshDatabase.class)
public @interface HoldfastTest {

  /** Properties of the context, {@code spring.config.name} among them. */
  @AliasFor(annotation = SpringBootTest.class, attribute = "properties")
  String[] value();
}
