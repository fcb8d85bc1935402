package io.holdfast.web.testing;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** What the sources say about types, record components, methods and parameters. */
final class Javadocs {

  private static final Doc NONE = new Doc("", Map.of());

  /**
   * One comment.
   *
   * @param text without block tags, as Markdown
   * @param parameters what it says about each parameter or record component
   */
  record Doc(String text, Map<String, String> parameters) {

    String parameter(String name) {
      return parameters.getOrDefault(name, "");
    }
  }

  private final Map<String, Doc> docs;

  private Javadocs(Map<String, Doc> docs) {
    this.docs = docs;
  }

  /** Reads all sources under {@code folders}. */
  static Javadocs of(List<Path> folders) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException("tests need a JDK: this is only a JRE");
    }
    try (var files = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      var sources = new ArrayList<Path>();
      for (var folder : folders) {
        try (var found = Files.walk(folder)) {
          found.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
        }
      }
      var task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      var reader = new Reader(DocTrees.instance(task));
      for (CompilationUnitTree unit : task.parse()) {
        var packageName = unit.getPackageName();
        reader.begin(packageName == null ? "" : packageName + ".");
        reader.scan(unit, null);
      }
      return new Javadocs(reader.docs);
    } catch (IOException e) {
      throw new UncheckedIOException("the sources in " + folders + " cannot be read", e);
    }
  }

  Doc of(Class<?> type) {
    return docs.getOrDefault(type.getName(), NONE);
  }

  /**
   * @param member name of a method, a field or a constant
   */
  Doc of(Class<?> type, String member) {
    return docs.getOrDefault(type.getName() + "#" + member, NONE);
  }

  /** Walks through one file after the other. */
  private static final class Reader extends TreePathScanner<@Nullable Void, @Nullable Void> {

    final Map<String, Doc> docs = new HashMap<>();
    private final DocTrees trees;
    private String prefix = "";

    Reader(DocTrees trees) {
      this.trees = trees;
    }

    void begin(String packagePrefix) {
      prefix = packagePrefix;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
      String outer = prefix;
      String name = outer + type.getSimpleName();
      remember(name);
      prefix = name + "$";
      super.visitClass(type, null);
      prefix = outer;
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      remember(prefix.substring(0, prefix.length() - 1) + "#" + method.getName());
      return null;
    }

    @Override
    public @Nullable Void visitVariable(VariableTree constant, @Nullable Void nothing) {
      remember(prefix.substring(0, prefix.length() - 1) + "#" + constant.getName());
      return null;
    }

    private void remember(String name) {
      var comment = trees.getDocCommentTree(getCurrentPath());
      if (comment != null) {
        docs.putIfAbsent(name, doc(comment));
      }
    }
  }

  private static Doc doc(DocCommentTree comment) {
    var parameters = new HashMap<String, String>();
    for (var tag : comment.getBlockTags()) {
      if (tag instanceof ParamTree parameter) {
        parameters.put(parameter.getName().toString(), text(parameter.getDescription()));
      }
    }
    return new Doc(text(comment.getFullBody()), parameters);
  }

  /** As Markdown, one line a paragraph. */
  private static String text(List<? extends DocTree> trees) {
    var text = new StringBuilder();
    trees.forEach(tree -> text.append(markdown(tree)));
    var paragraphs = new ArrayList<String>();
    for (String paragraph : text.toString().split("\u2029", -1)) {
      String line = paragraph.strip().replaceAll("\\s+", " ");
      if (!line.isEmpty()) {
        paragraphs.add(line);
      }
    }
    return String.join("\n\n", paragraphs);
  }

  private static String markdown(DocTree tree) {
    return switch (tree) {
      case TextTree words -> words.getBody();
      case LiteralTree code -> "`" + code.getBody().getBody().replaceAll("\\s+", " ") + "`";
      case LinkTree link -> "`" + link.getReference().getSignature().replaceFirst("^#", "") + "`";
      case StartElementTree element -> element.getName().contentEquals("p") ? "\u2029" : "";
      case EndElementTree _ -> "";
      case EntityTree entity -> "&" + entity.getName() + ";";
      default -> "";
    };
  }
}
