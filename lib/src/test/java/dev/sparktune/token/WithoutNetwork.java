package dev.sparktune.token;

import java.net.Proxy;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of its own for {@link TokenizerOfflineIT}: tokenizes a text and tells which URLs anybody wanted to open. */
final class WithoutNetwork {
    private WithoutNetwork() {}

    public static void main(String[] tokenizerJson) {
        List<URL> asked = new ArrayList<>();
        URL.setURLStreamHandlerFactory(protocol -> protocol.startsWith("http") ? new Recorder(asked) : null);
        String text = "The quick brown fox. ".repeat(150).substring(0, 3000);
        try (Tokenizer tokenizer = Tokenizer.load(Path.of(tokenizerJson[0]))) {
            int[] ids = tokenizer.encode(text, false);
            System.out.println(ids.length + " tokens, the text comes back: "
                    + tokenizer.decode(ids, true).equals(text) + ", asked for " + asked);
        }
    }

    private static final class Recorder extends URLStreamHandler {
        private final List<URL> asked;

        Recorder(List<URL> asked) {
            this.asked = asked;
        }

        @Override
        protected URLConnection openConnection(URL url) {
            asked.add(url);
            throw new IllegalStateException("no network");
        }

        @Override
        protected URLConnection openConnection(URL url, Proxy proxy) {
            return openConnection(url);
        }
    }
}
