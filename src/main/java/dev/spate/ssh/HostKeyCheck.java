package dev.spate.ssh;

import java.net.SocketAddress;
import java.security.PublicKey;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.signature.Signature;

/**
 * Holds a machine to the one key it may show. MINA asks before anything of the login is sent, and
 * closes the connection if the answer is no.
 */
final class HostKeyCheck implements ServerKeyVerifier, SessionListener {

    private static final AttributeRepository.AttributeKey<Expected> EXPECTED =
            new AttributeRepository.AttributeKey<>();

    /** What one connection expects. */
    static final class Expected {
        private final PublicKey key;
        private volatile boolean isOther;

        Expected(PublicKey key) {
            this.key = key;
        }

        /** Whether the machine has shown another key. */
        boolean isOther() {
            return isOther;
        }

        /** To be passed along when connecting. */
        AttributeRepository asContext() {
            return AttributeRepository.ofKeyValuePair(EXPECTED, this);
        }
    }

    @Override
    public boolean verifyServerKey(ClientSession session, SocketAddress address, PublicKey shown) {
        Expected expected = expectedOf(session);
        boolean isSame = KeyUtils.compareKeys(expected.key, shown);
        expected.isOther = !isSame;
        return isSame;
    }

    /** A machine with several host keys shows the first we ask for: ask for the one we know. */
    @Override
    public void sessionCreated(Session session) {
        String type = KeyUtils.getKeyType(expectedOf((ClientSession) session).key);
        List<NamedFactory<Signature>> wanted =
                session.getSignatureFactories().stream()
                        .sorted(
                                Comparator.comparing(
                                        (NamedFactory<Signature> signature) ->
                                                !KeyUtils.getCanonicalKeyType(signature.getName())
                                                        .equals(type)))
                        .toList();
        session.setSignatureFactories(wanted);
    }

    private static Expected expectedOf(ClientSession session) {
        AttributeRepository context = session.getConnectionContext();
        return Objects.requireNonNull(context.getAttribute(EXPECTED));
    }
}
