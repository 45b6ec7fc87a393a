import io.trino.sql.ExpressionFormatter;
import io.trino.sql.parser.SqlParser;
import io.trino.sql.tree.Expression;
import io.trino.sql.tree.Literal;
import io.trino.sql.tree.Node;
import io.trino.sql.tree.Parameter;
import io.trino.sql.tree.StringLiteral;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Parses statements: a line with the JSON text of one in base64, answered by the literals and the number of marks in it. */
public final class TrinoHarness {
    private static final SqlParser PARSER = new SqlParser();

    public static void main(String[] arguments) throws Exception {
        BufferedReader jobs = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        StringBuilder answers = new StringBuilder();
        for (String line = jobs.readLine(); line != null; line = jobs.readLine()) {
            String sql = new String(Base64.getDecoder().decode(line.replace("\"", "")), StandardCharsets.UTF_8);
            answers.append(answer(sql)).append('\n');
        }
        System.out.print(answers);
    }

    private static String answer(String sql) {
        List<String> literals = new ArrayList<>();
        try {
            int marks = visit(PARSER.createStatement(sql), literals);
            return "{\"marks\":" + marks + ",\"literals\":[" + String.join(",", literals) + "]}";
        } catch (RuntimeException error) {
            return "{\"error\":" + quoted(String.valueOf(error.getMessage())) + "}";
        }
    }

    private static int visit(Node node, List<String> literals) {
        if (node instanceof StringLiteral text) {
            literals.add(quoted(text.getValue()));
        } else if (node instanceof Literal) {
            literals.add(quoted(ExpressionFormatter.formatExpression((Expression) node)));
        }
        int marks = node instanceof Parameter ? 1 : 0;
        for (Node child : node.getChildren()) {
            marks += visit(child, literals);
        }
        return marks;
    }

    private static String quoted(String text) {
        return '"' + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + '"';
    }
}
