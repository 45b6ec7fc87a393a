import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.spi.json.JacksonJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads documents with the real Jayway JsonPath: the second opinion on the local Step Functions' own paths.
 *
 * Each line of standard input is a job, {"path", "document"}, the document as JSON text; each line of standard output is its answer:
 * {"value"} as JSON text, {"refused"} for a path that does not parse, or {"failed"} for one that gives no value.
 */
public final class JsonPathHarness {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper ASCII = new ObjectMapper().enable(JsonGenerator.Feature.ESCAPE_NON_ASCII);
    private static final Configuration PATHS = Configuration.builder()
        .jsonProvider(new JacksonJsonProvider())
        .mappingProvider(new JacksonMappingProvider())
        .build();

    private static Map<String, Object> answer(Map<?, ?> job) throws Exception {
        Map<String, Object> answer = new LinkedHashMap<>();
        JsonPath path;
        try {
            path = JsonPath.compile((String) job.get("path"));
        } catch (RuntimeException error) {
            answer.put("refused", String.valueOf(error.getMessage()));
            return answer;
        }
        Object document = JSON.readValue((String) job.get("document"), Object.class);
        try {
            Object value = path.read(document, PATHS);
            answer.put("value", JSON.writeValueAsString(value));
        } catch (RuntimeException error) {
            answer.put("failed", String.valueOf(error.getMessage()));
        }
        return answer;
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader jobs = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream answers = new PrintStream(System.out, false, "UTF-8");
        for (String line = jobs.readLine(); line != null; line = jobs.readLine()) {
            // Escaped to ASCII, so that lone surrogates survive the pipe.
            answers.println(ASCII.writeValueAsString(answer(JSON.readValue(line, Map.class))));
        }
        answers.flush();
    }
}
