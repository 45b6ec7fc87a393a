import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.spi.json.JacksonJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import net.minidev.json.JSONValue;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.app.event.EventCartridge;
import org.apache.velocity.app.event.ReferenceInsertionEventHandler;
import org.apache.velocity.runtime.RuntimeConstants;
import org.apache.velocity.runtime.log.NullLogChute;

/**
 * Renders mapping templates with the real Apache Velocity, commons-lang and Jayway JsonPath: the second opinion on the local API Gateway's
 * own renderer.
 *
 * Each line of standard input is a job, {"template", "body", "context", "params", "writer"}; each line of standard output is its answer,
 * {"text", "context"} or {"error"}. One process serves many jobs, for starting it costs most.
 */
public final class VelocityHarness {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper ASCII = new ObjectMapper().enable(JsonGenerator.Feature.ESCAPE_NON_ASCII);
    private static final Configuration PATHS = Configuration.builder()
        .jsonProvider(new JacksonJsonProvider())
        .mappingProvider(new JacksonMappingProvider())
        .options(Option.DEFAULT_PATH_LEAF_TO_NULL, Option.SUPPRESS_EXCEPTIONS)
        .build();

    /** What a template sees as $input. */
    public static final class Input {
        private final String body;
        private final Map<?, ?> params;
        private final boolean jsonSmart;

        Input(String body, Map<?, ?> params, boolean jsonSmart) {
            this.body = body;
            this.params = params;
            this.jsonSmart = jsonSmart;
        }

        public String getBody() {
            return body;
        }

        public Object path(String path) {
            return JsonPath.using(PATHS).parse(body).read(path);
        }

        /** A missing path is two quote characters, as API Gateway answers. */
        public String json(String path) throws Exception {
            Object value = path(path);
            if (value == null) {
                return "\"\"";
            }
            return jsonSmart ? JSONValue.toJSONString(value) : JSON.writeValueAsString(value);
        }

        /** Path before query string before header, as API Gateway looks a name up. */
        public Object params(String name) {
            for (String place : new String[] {"path", "querystring", "header"}) {
                Object values = params.get(place);
                if (values instanceof Map && ((Map<?, ?>) values).containsKey(name)) {
                    return ((Map<?, ?>) values).get(name);
                }
            }
            return "";
        }

        public Object params() {
            return params;
        }
    }

    /** What a template sees as $util. */
    public static final class Util {
        public String escapeJavaScript(String text) {
            return StringEscapeUtils.escapeJavaScript(text);
        }

        public Object parseJson(String text) throws Exception {
            return JSON.readValue(text, Object.class);
        }

        public String urlEncode(String text) throws Exception {
            return URLEncoder.encode(text, "UTF-8");
        }

        public String urlDecode(String text) throws Exception {
            return URLDecoder.decode(text, "UTF-8");
        }

        public String base64Encode(String text) {
            return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        public String base64Decode(String text) {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        }
    }

    /** API Gateway prints nothing for null; plain Velocity prints the reference itself. */
    private static final class NullPrintsNothing implements ReferenceInsertionEventHandler {
        @Override
        public Object referenceInsert(String reference, Object value) {
            return value == null ? "" : value;
        }
    }

    private static Map<String, Object> render(VelocityEngine engine, Map<?, ?> job) throws Exception {
        Object context = job.get("context") instanceof Map ? job.get("context") : new LinkedHashMap<String, Object>();
        Map<?, ?> params = job.get("params") instanceof Map ? (Map<?, ?>) job.get("params") : new LinkedHashMap<String, Object>();
        VelocityContext velocity = new VelocityContext();
        velocity.put("input", new Input((String) job.get("body"), params, "json-smart".equals(job.get("writer"))));
        velocity.put("util", new Util());
        velocity.put("context", context);
        EventCartridge events = new EventCartridge();
        events.addEventHandler(new NullPrintsNothing());
        events.attachToContext(velocity);
        StringWriter text = new StringWriter();
        engine.evaluate(velocity, text, "template", (String) job.get("template"));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("text", text.toString());
        answer.put("context", context);
        return answer;
    }

    public static void main(String[] arguments) throws Exception {
        VelocityEngine engine = new VelocityEngine();
        engine.setProperty(RuntimeConstants.RUNTIME_LOG_LOGSYSTEM_CLASS, NullLogChute.class.getName());
        engine.init();
        BufferedReader jobs = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream answers = new PrintStream(System.out, false, "UTF-8");
        for (String line = jobs.readLine(); line != null; line = jobs.readLine()) {
            Map<String, Object> answer;
            try {
                answer = render(engine, JSON.readValue(line, Map.class));
            } catch (Exception error) {
                answer = new LinkedHashMap<>();
                answer.put("error", String.valueOf(error));
            }
            // Escaped to ASCII, so that lone surrogates survive the pipe.
            answers.println(ASCII.writeValueAsString(answer));
        }
        answers.flush();
    }
}
