package io.holdfast.contracts.saga;

/**
 * Starts a saga; the envelope carries its id. Starting the same id again changes nothing.
 *
 * @param definition name of the definition; the newest version is taken
 * @param input the definition's input as JSON
 */
public record StartSaga(String definition, String input) {}
