import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Rewrites the classes of a jar that are in a format of before 2006, as picocli's are: the JVM can
/// verify those only by inference, each time anew, and keeps none of them in its AOT cache. What
/// they do stays the same; they get stack maps and a later version number.
///
///     java -cp JAR RenewClassFiles.java JAR
final class RenewClassFiles {
  private static final ClassFile FILES = ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS);

  private RenewClassFiles() {}

  public static void main(String[] args) throws IOException {
    Path jar = Path.of(args[0]);
    Path renewed = Path.of(args[0] + ".new");
    try (ZipFile in = new ZipFile(jar.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(renewed))) {
      for (ZipEntry entry : Collections.list(in.entries())) {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        byte[] bytes = in.getInputStream(entry).readAllBytes();
        out.write(entry.getName().endsWith(".class") ? renewed(bytes) : bytes);
        out.closeEntry();
      }
    }
    Files.move(renewed, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] renewed(byte[] bytes) {
    ClassModel old = FILES.parse(bytes);
    if (old.majorVersion() >= ClassFile.JAVA_6_VERSION) {
      return bytes;
    }
    // Every method is built anew, since one that is copied whole gets no stack map.
    ClassTransform rebuilt = ClassTransform.transformingMethodBodies(CodeBuilder::with);
    return FILES.transformClass(
        old,
        rebuilt.andThen(
            ClassTransform.endHandler(it -> it.withVersion(ClassFile.JAVA_8_VERSION, 0))));
  }
}
