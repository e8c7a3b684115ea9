package dev.spate.page;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives every test that asks for one a stage of its own, which is struck when the test is over; one
 * asked for before all tests of a class, when they are. The browser is the same for all.
 */
final class OnStage implements ParameterResolver {

    private static final ExtensionContext.Namespace HERE =
            ExtensionContext.Namespace.create(OnStage.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PageStage.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Browser browser =
                context.getRoot()
                        .getStore(HERE)
                        .getOrComputeIfAbsent(Browser.class, _ -> Browser.start(), Browser.class);
        PageStage stage = new PageStage(browser);
        // What is in a store is closed with it.
        context.getStore(HERE).put(PageStage.class, stage);
        return stage;
    }

    /** Also who asks in the constructor asks for one test. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(
            ExtensionContext context) {
        return ExtensionContextScope.TEST_METHOD;
    }
}
