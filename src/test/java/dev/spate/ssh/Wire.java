package dev.spate.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A wire to a server on loopback that can be cut: nobody is told, nothing arrives any more. */
final class Wire implements AutoCloseable {

    private final ServerSocket entry;
    private final int exit;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean isCut;

    Wire(int exit) throws IOException {
        this.exit = exit;
        entry = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::accept);
    }

    int port() {
        return entry.getLocalPort();
    }

    void cut() {
        isCut = true;
    }

    private void accept() {
        try {
            while (true) {
                Socket here = entry.accept();
                Socket there = new Socket(InetAddress.getLoopbackAddress(), exit);
                sockets.add(here);
                sockets.add(there);
                Thread.startVirtualThread(() -> carry(here, there));
                Thread.startVirtualThread(() -> carry(there, here));
            }
        } catch (IOException closed) {
            // As wanted.
        }
    }

    private void carry(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (!isCut) {
                    out.write(buffer, 0, length);
                }
            }
        } catch (IOException closed) {
            // As wanted.
        }
    }

    @Override
    public void close() throws IOException {
        entry.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
