package dev.sparktune.jobs.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of an MLflow server as one run asks for; at first it refuses the parameters, more often than the client tries. */
final class SmallMlflow implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final AtomicInteger runs = new AtomicInteger();
    final List<Double> losses = new CopyOnWriteArrayList<>();
    final Map<String, String> parameters = new ConcurrentHashMap<>();
    private final AtomicInteger refusals;
    private final HttpServer http;

    SmallMlflow(int refusals) throws IOException {
        this.refusals = new AtomicInteger(refusals);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/api/2.0/mlflow/", this::answer);
        http.start();
    }

    String uri() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String call = exchange.getRequestURI().getPath().replace("/api/2.0/mlflow/", "");
        JsonNode request = JSON.readTree(exchange.getRequestBody());
        int status = 200;
        String answer =
                switch (call) {
                    case "experiments/search" -> "{\"experiments\": [{\"experiment_id\": \"1\", \"name\": \"e\"}]}";
                    case "runs/create" -> run("r" + runs.incrementAndGet());
                    case "runs/get" -> run("r1");
                    default -> "{}";
                };
        if (call.equals("runs/log-batch")) {
            if (!request.path("params").isEmpty() && refusals.getAndDecrement() > 0) {
                status = 400;
                answer = "{\"error_code\": \"INVALID_PARAMETER_VALUE\", \"message\": \"no such parameters\"}";
            } else {
                request.path("params")
                        .forEach(param -> parameters.put(
                                param.get("key").asText(), param.get("value").asText()));
                request.path("metrics").forEach(metric -> {
                    if (metric.get("key").asText().equals("loss")) {
                        losses.add(metric.get("value").asDouble());
                    }
                });
            }
        }
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    private static String run(String id) {
        return "{\"run\": {\"info\": {\"run_id\": \"" + id + "\"}, \"data\": {}}}";
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
