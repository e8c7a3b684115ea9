package dev.spate.local;

import java.io.StringWriter;
import java.util.Collection;
import java.util.function.Consumer;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes one reply in EC2's XML. For one thread. */
final class Xml {
    private static final String NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter writer;

    private Xml() {
        try {
            writer = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The reply of a successful call: {@code <ActionResponse>} with a request id and what follows.
     */
    static String reply(String action, String requestId, Consumer<Xml> body) {
        Xml xml = new Xml();
        write(
                () -> {
                    xml.writer.writeStartDocument("UTF-8", "1.0");
                    xml.writer.writeStartElement(action + "Response");
                    xml.writer.writeDefaultNamespace(NAMESPACE);
                });
        xml.element("requestId", requestId);
        body.accept(xml);
        return xml.end();
    }

    /** The reply of a refused call. */
    static String refusal(String code, String message, String requestId) {
        Xml xml = new Xml();
        write(
                () -> {
                    xml.writer.writeStartDocument("UTF-8", "1.0");
                    xml.writer.writeStartElement("Response");
                });
        xml.nested(
                "Errors",
                errors ->
                        errors.nested(
                                "Error",
                                error -> error.element("Code", code).element("Message", message)));
        xml.element("RequestID", requestId);
        return xml.end();
    }

    Xml element(String name, Object value) {
        write(
                () -> {
                    writer.writeStartElement(name);
                    writer.writeCharacters(String.valueOf(value));
                    writer.writeEndElement();
                });
        return this;
    }

    Xml nested(String name, Consumer<Xml> body) {
        write(() -> writer.writeStartElement(name));
        body.accept(this);
        write(writer::writeEndElement);
        return this;
    }

    /** A list: {@code <name><item>…</item>…</name>}. */
    <T> Xml list(String name, Collection<T> items, ItemWriter<T> body) {
        return nested(
                name,
                list -> {
                    for (T item : items) {
                        list.nested("item", inside -> body.write(inside, item));
                    }
                });
    }

    /** A list of texts: {@code <name><item>text</item>…</name>}. */
    Xml texts(String name, Collection<String> items) {
        return nested(name, list -> items.forEach(item -> list.element("item", item)));
    }

    private String end() {
        write(writer::writeEndDocument);
        return text.toString();
    }

    private static void write(Piece piece) {
        try {
            piece.write();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes one item of a list. */
    interface ItemWriter<T> {
        void write(Xml xml, T item);
    }

    private interface Piece {
        void write() throws XMLStreamException;
    }
}
