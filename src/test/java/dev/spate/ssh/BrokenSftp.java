package dev.spate.ssh;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.subsystem.SubsystemFactory;

/** An SFTP server that does not do what one should. */
final class BrokenSftp implements Command {

    private static final int INIT = 1;
    private static final int VERSION = 2;
    private static final int ATTRIBUTES = 105;

    private final boolean isSilent;
    private DataInputStream in = new DataInputStream(InputStream.nullInputStream());
    private DataOutputStream out = new DataOutputStream(OutputStream.nullOutputStream());

    private BrokenSftp(boolean isSilent) {
        this.isSilent = isSilent;
    }

    /** Never answers. */
    static SubsystemFactory silent() {
        return factory(true);
    }

    /** Answers everything with a packet that ends before its end. */
    static SubsystemFactory truncating() {
        return factory(false);
    }

    private static SubsystemFactory factory(boolean isSilent) {
        return new SubsystemFactory() {
            @Override
            public String getName() {
                return "sftp";
            }

            @Override
            public Command createSubsystem(ChannelSession channel) {
                return new BrokenSftp(isSilent);
            }
        };
    }

    @Override
    public void start(ChannelSession channel, Environment env) {
        Thread.startVirtualThread(
                () -> {
                    try {
                        while (!isSilent) {
                            answer();
                        }
                    } catch (IOException gone) {
                        // The client has had enough.
                    }
                });
    }

    private void answer() throws IOException {
        int length = in.readInt();
        int type = in.readByte();
        int id = in.readInt();
        in.skipNBytes(length - 5L);
        out.writeInt(5);
        out.writeByte(type == INIT ? VERSION : ATTRIBUTES);
        out.writeInt(type == INIT ? 3 : id);
        out.flush();
    }

    @Override
    public void setInputStream(InputStream stream) {
        in = new DataInputStream(stream);
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        out = new DataOutputStream(stream);
    }

    @Override
    public void setErrorStream(OutputStream stream) {}

    @Override
    public void setExitCallback(ExitCallback callback) {}

    @Override
    public void destroy(ChannelSession channel) {}
}
