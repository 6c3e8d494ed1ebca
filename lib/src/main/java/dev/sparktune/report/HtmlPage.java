package dev.sparktune.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import freemarker.cache.ClassTemplateLoader;
import freemarker.core.HTMLOutputFormat;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An HTML page that needs nothing else: styles, scripts and data are inside. Its content security policy allows the two
 * scripts of ours by their hashes and no connection at all, so that text of a review can neither run nor call anywhere.
 *
 * <p>A page {@code report} is made of {@code report.ftlh}, {@code report.css} and {@code report.js} beside this class; what
 * all pages share is in {@code page.ftlh}, {@code page.css} and {@code page.js}.
 */
public final class HtmlPage {
    private static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";
    private static final String SHARED = "page";
    private static final ObjectMapper JSON = new ObjectMapper();

    private HtmlPage() {}

    /**
     * @param name of the page's three files
     * @param values what its template shows, by the names that the template has for them
     * @param plots what its script draws, as plain data
     */
    public static String render(String name, Map<String, ?> values, Object plots) {
        String echarts = resource(ECHARTS);
        String script = resource(SHARED + ".js") + resource(name + ".js");
        Map<String, Object> model = new HashMap<>(values);
        model.put("plots", scriptSafe(json(plots)));
        model.put("style", resource(SHARED + ".css") + resource(name + ".css"));
        model.put("echarts", echarts);
        model.put("script", script);
        model.put("scriptHashes", "'" + sha256(echarts) + "' '" + sha256(script) + "'");
        StringWriter page = new StringWriter(echarts.length() + (1 << 16));
        try {
            configuration().getTemplate(name + ".ftlh").process(model, page);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the template of the page '" + name + "'", e);
        } catch (TemplateException e) {
            throw new IllegalStateException(
                    "the template of the page '" + name + "' does not fit its data: " + e.getMessage(), e);
        }
        return page.toString().stripLeading();
    }

    private static Configuration configuration() {
        Configuration configuration = new Configuration(Configuration.VERSION_2_3_33); // the first that knows records
        configuration.setTemplateLoader(new ClassTemplateLoader(HtmlPage.class, ""));
        configuration.setDefaultEncoding("UTF-8");
        configuration.setLocale(Locale.ROOT);
        configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
        configuration.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
        configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        configuration.setLogTemplateExceptions(false);
        configuration.setFallbackOnNullLoopVariable(false);
        return configuration;
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plots cannot be written as JSON", e);
        }
    }

    /** JSON in a script element: without {@code <} no text in it can end or open an element. */
    private static String scriptSafe(String json) {
        return json.replace("<", "\\u003c");
    }

    private static String resource(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException(name + " is not on the classpath");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
