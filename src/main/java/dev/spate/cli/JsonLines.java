package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.async.LogContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Log events as JSON, one object a line: {@code timestamp}, {@code level}, {@code logger}, {@code
 * thread}, {@code message}, {@code stack}, and what the thread is about as far as it is known:
 * {@link LogContext}.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

    /** A stack may be deep, and causes many. */
    private static final int STACK_LENGTH_MAX = 32 << 10;

    @Override
    public byte[] encode(ILoggingEvent event) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("timestamp", event.getInstant().toString());
        json.put("level", event.getLevel().toString());
        json.put("logger", event.getLoggerName());
        json.put("thread", event.getThreadName());
        json.put("message", event.getFormattedMessage());
        Map<String, String> about = event.getMDCPropertyMap();
        for (LogContext field : LogContext.values()) {
            @Nullable String value = about.get(field.word());
            if (value != null) {
                json.put(field.word(), value);
            }
        }
        @Nullable IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            String stack = ThrowableProxyUtil.asString(thrown);
            json.put("stack", stack.substring(0, Math.min(stack.length(), STACK_LENGTH_MAX)));
        }
        return (json + "\n").getBytes(UTF_8);
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
