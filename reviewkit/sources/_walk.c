/* The inner loop of json_entry.py, compiled: the same values in the same order, several times as fast.

   json_entry.py says what it means and works without it; tests compare the two. Everything that is odd about an entry
   (blanks, unknown codes, nested lists) is handed to the taker of its key, which is Python in both. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* The numbers of json_entry.Form, and where the parts of a json_entry.Step stand. */
enum { OTHER, WORDS, KNOWN, FLAG, INSIDE, ITEMS, WORD_ITEMS, CODES, TOGETHER };
enum { FORM, KEY, FIELD, OF, TAKE, STEP_SIZE };

static PyObject *Value, *Place, *reported, *derived, *no_detail;
static PyObject *text_values, *text_name, *text_method, *text_counted, *text_value, *text_quote, *text_place;
static PyObject *text_true, *text_false, *text_slash;

/* An entry that is being read: borrowed itself, its parts owned. */
typedef struct {
    PyObject *entry, *name, *method, *values, *counted;
} Entry;

static int open_entry(Entry *to)
{
    to->name = PyObject_GetAttr(to->entry, text_name);
    to->method = PyObject_GetAttr(to->entry, text_method);
    to->values = PyObject_GetAttr(to->entry, text_values);
    to->counted = PyObject_GetAttr(to->entry, text_counted);
    if (to->name && to->method && to->values && to->counted && PyList_CheckExact(to->values) &&
        PyDict_CheckExact(to->counted))
        return 0;
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_TypeError, "the values of an entry are a list, its counts a dict");
    return -1;
}

static void close_entry(Entry *to)
{
    Py_XDECREF(to->name);
    Py_XDECREF(to->method);
    Py_XDECREF(to->values);
    Py_XDECREF(to->counted);
}

/* values.append(Value(...)) */
static int add(const Entry *to, PyObject *field, PyObject *item, PyObject *meaning, PyObject *state, PyObject *quote,
               PyObject *place, PyObject *method, PyObject *detail)
{
    PyObject *parts[8] = {field, item, meaning, state, quote, place, method, detail};
    PyObject *value = PyObject_Vectorcall(Value, parts, 8, NULL);
    int failed = value == NULL || PyList_Append(to->values, value);
    Py_XDECREF(value);
    return failed ? -1 : 0;
}

/* A value that is reported in so many words at a pointer. */
static int report(const Entry *to, PyObject *field, PyObject *item, PyObject *meaning, PyObject *quote,
                  PyObject *pointer, PyObject *detail)
{
    PyObject *parts[2] = {to->name, pointer};
    PyObject *place = PyObject_Vectorcall(Place, parts, 2, NULL);
    int failed = place == NULL || add(to, field, item, meaning, reported, quote, place, to->method, detail);
    Py_XDECREF(place);
    return failed ? -1 : 0;
}

/* Does a string open with a visible character? */
static inline int is_visible(PyObject *value)
{
    return PyUnicode_CheckExact(value) && PyUnicode_GET_LENGTH(value) > 0 && PyUnicode_READ_CHAR(value, 0) >= '!';
}

static int walk_object(const Entry *to, PyObject *steps, PyObject *found, PyObject *at, PyObject *item);

/* An object that is not empty. */
static inline int is_object(PyObject *value)
{
    return PyDict_CheckExact(value) && PyDict_GET_SIZE(value) > 0;
}

/* Counts the members of a list with those its group has, and gives the number before them; -1 if that failed. */
static Py_ssize_t begin_group(const Entry *to, PyObject *field, Py_ssize_t members)
{
    PyObject *before = PyDict_GetItemWithError(to->counted, field);
    if (before == NULL && PyErr_Occurred())
        return -1;
    Py_ssize_t start = before ? PyLong_AsSsize_t(before) : 0;
    PyObject *after = PyLong_FromSsize_t(start + members);
    int failed = after == NULL || PyDict_SetItem(to->counted, field, after);
    Py_XDECREF(after);
    return failed ? -1 : start;
}

/* Told(field, value, rule) of the member whose values begin at `start`: it rests on the first that is not null. */
static int tell(const Entry *to, PyObject *told, Py_ssize_t start, PyObject *item)
{
    for (Py_ssize_t i = start; i < PyList_GET_SIZE(to->values); i++) {
        PyObject *value = PyList_GET_ITEM(to->values, i), *meaning = PyObject_GetAttr(value, text_value);
        if (meaning == NULL)
            return -1;
        Py_DECREF(meaning);
        if (meaning == Py_None)
            continue;
        PyObject *quote = PyObject_GetAttr(value, text_quote), *place = PyObject_GetAttr(value, text_place);
        int failed = quote == NULL || place == NULL ||
                     add(to, PyTuple_GET_ITEM(told, 0), item, PyTuple_GET_ITEM(told, 1), derived, quote, place,
                         PyTuple_GET_ITEM(told, 2), no_detail);
        Py_XDECREF(quote);
        Py_XDECREF(place);
        return failed;
    }
    return 0;
}

/* A list of objects; 0 if it is done, 1 if it is something else and the taker's, -1 if it failed. */
static int walk_items(const Entry *to, PyObject *first, PyObject *of, PyObject *found, PyObject *at)
{
    if (!PyList_CheckExact(found) || PyList_GET_SIZE(found) == 0)
        return 1;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(found); i++)
        if (!is_object(PyList_GET_ITEM(found, i)))
            return 1;
    PyObject *steps = PyTuple_GET_ITEM(of, 0), *told = PyTuple_GET_ITEM(of, 1);
    Py_ssize_t before = begin_group(to, first, PyList_GET_SIZE(found));
    int failed = before < 0;
    for (Py_ssize_t i = 0; !failed && i < PyList_GET_SIZE(found); i++) {
        PyObject *item = PyLong_FromSsize_t(before + i + 1), *pointer = PyUnicode_FromFormat("%U/%zd", at, i);
        Py_ssize_t start = PyList_GET_SIZE(to->values);
        failed = item == NULL || pointer == NULL ||
                 walk_object(to, steps, PyList_GET_ITEM(found, i), pointer, item) ||
                 (told != Py_None && tell(to, told, start, item));
        Py_XDECREF(item);
        Py_XDECREF(pointer);
    }
    return failed ? -1 : 0;
}

/* A list of strings that stand for themselves; as walk_items. */
static int walk_words(const Entry *to, PyObject *field, PyObject *found, PyObject *at)
{
    if (!PyList_CheckExact(found) || PyList_GET_SIZE(found) == 0)
        return 1;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(found); i++)
        if (!is_visible(PyList_GET_ITEM(found, i)))
            return 1;
    Py_ssize_t before = begin_group(to, field, PyList_GET_SIZE(found));
    int failed = before < 0;
    for (Py_ssize_t i = 0; !failed && i < PyList_GET_SIZE(found); i++) {
        PyObject *item = PyLong_FromSsize_t(before + i + 1), *pointer = PyUnicode_FromFormat("%U/%zd", at, i);
        PyObject *words = PyList_GET_ITEM(found, i);
        failed = item == NULL || pointer == NULL || report(to, field, item, words, words, pointer, no_detail);
        Py_XDECREF(item);
        Py_XDECREF(pointer);
    }
    return failed ? -1 : 0;
}

/* A list of strings whose meaning as a whole is known; as walk_items. */
static int take_codes(const Entry *to, PyObject *field, PyObject *known, PyObject *found, PyObject *pointer,
                      PyObject *item)
{
    if (!PyList_CheckExact(found) || PyList_GET_SIZE(found) == 0)
        return 1;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(found); i++)
        if (!PyUnicode_CheckExact(PyList_GET_ITEM(found, i)))
            return 1;
    PyObject *written = PyList_AsTuple(found);
    PyObject *meaning = written ? PyDict_GetItemWithError(known, written) : NULL;
    Py_XDECREF(written);
    if (meaning == NULL)
        return PyErr_Occurred() ? -1 : 1;
    PyObject *members = PySequence_List(PyTuple_GET_ITEM(meaning, 0));
    int failed = members == NULL || report(to, field, item, members, PyTuple_GET_ITEM(meaning, 1), pointer,
                                           PyTuple_GET_ITEM(meaning, 2));
    Py_XDECREF(members);
    return failed ? -1 : 0;
}

/* An object of two strings, one of which says how to take the other; as walk_items. */
static int take_together(const Entry *to, PyObject *field, PyObject *of, PyObject *found, PyObject *at, PyObject *item)
{
    if (!PyDict_CheckExact(found))
        return 1;
    PyObject *main = PyTuple_GET_ITEM(of, 0), *known = PyTuple_GET_ITEM(of, 2);
    PyObject *words = PyDict_GetItemWithError(found, main);
    PyObject *beside = words ? PyDict_GetItemWithError(found, PyTuple_GET_ITEM(of, 1)) : NULL;
    if (PyErr_Occurred())
        return -1;
    if (!words || !beside || !PyUnicode_CheckExact(words) || !PyUnicode_CheckExact(beside))
        return 1;
    PyObject *written = PyTuple_Pack(2, words, beside);
    PyObject *meaning = written ? PyDict_GetItemWithError(known, written) : NULL;
    Py_XDECREF(written);
    if (meaning == NULL)
        return PyErr_Occurred() ? -1 : 1;
    PyObject *pointer = PyUnicode_FromFormat("%U/%U", at, main);
    int failed = pointer == NULL || report(to, field, item, PyTuple_GET_ITEM(meaning, 0), words, pointer,
                                           PyTuple_GET_ITEM(meaning, 1));
    Py_XDECREF(pointer);
    return failed ? -1 : 0;
}

/* What stands under one key; as walk_items. */
static int follow(const Entry *to, PyObject *step, PyObject *value, PyObject *pointer, PyObject *item)
{
    PyObject *field = PyTuple_GET_ITEM(step, FIELD), *of = PyTuple_GET_ITEM(step, OF), *meaning;
    switch (PyLong_AsLong(PyTuple_GET_ITEM(step, FORM))) {
    case WORDS:
        return is_visible(value) ? report(to, field, item, value, value, pointer, no_detail) : 1;
    case KNOWN:
        meaning = PyUnicode_CheckExact(value) ? PyDict_GetItemWithError(of, value) : NULL;
        if (meaning == NULL)
            return PyErr_Occurred() ? -1 : 1;
        return report(to, field, item, PyTuple_GET_ITEM(meaning, 0), value, pointer, PyTuple_GET_ITEM(meaning, 1));
    case FLAG:
        if (!PyBool_Check(value))
            return 1;
        return report(to, field, item, PyTuple_GET_ITEM(of, value == Py_True), value == Py_True ? text_true : text_false,
                      pointer, no_detail);
    case INSIDE:
        return is_object(value) ? walk_object(to, of, value, pointer, item) : 1;
    case ITEMS:
        return walk_items(to, field, of, value, pointer);
    case WORD_ITEMS:
        return walk_words(to, field, value, pointer);
    case CODES:
        return take_codes(to, field, of, value, pointer, item);
    case TOGETHER:
        return take_together(to, field, of, value, pointer, item);
    default:
        return PyErr_Occurred() ? -1 : 1;
    }
}

/* One JSON object: every key that has a step. */
static int walk_object(const Entry *to, PyObject *steps, PyObject *found, PyObject *at, PyObject *item)
{
    PyObject *under = PyUnicode_Concat(at, text_slash);
    int failed = under == NULL;
    for (Py_ssize_t i = 0; !failed && i < PyTuple_GET_SIZE(steps); i++) {
        PyObject *step = PyTuple_GET_ITEM(steps, i), *key = PyTuple_GET_ITEM(step, KEY);
        PyObject *value = PyDict_GetItemWithError(found, key);
        if (value == NULL) {
            failed = PyErr_Occurred() != NULL;
            continue;
        }
        PyObject *pointer = PyUnicode_Concat(under, key);
        if (pointer == NULL)
            break;
        Py_INCREF(value); /* a taker may change the object */
        int rest = follow(to, step, value, pointer, item);
        if (rest == 1) {
            PyObject *told[5] = {to->entry, value, key, pointer, item};
            PyObject *nothing = PyObject_Vectorcall(PyTuple_GET_ITEM(step, TAKE), told, 5, NULL);
            rest = nothing == NULL ? -1 : 0;
            Py_XDECREF(nothing);
        }
        failed = rest;
        Py_DECREF(value);
        Py_DECREF(pointer);
    }
    Py_XDECREF(under);
    return failed || PyErr_Occurred() ? -1 : 0;
}

/* Are these steps as json_entry.py makes them, so that the macros above may be used on them? */
static int are_steps(PyObject *steps)
{
    if (!PyTuple_Check(steps))
        return 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(steps); i++) {
        PyObject *step = PyTuple_GET_ITEM(steps, i);
        if (!PyTuple_Check(step) || PyTuple_GET_SIZE(step) != STEP_SIZE || !PyLong_Check(PyTuple_GET_ITEM(step, FORM)))
            return 0;
    }
    return 1;
}

static PyObject *walk(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    if (count != 5 || !are_steps(arguments[1]) || !PyDict_CheckExact(arguments[2]) ||
        !PyUnicode_CheckExact(arguments[3])) {
        PyErr_SetString(PyExc_TypeError, "walk(entry, steps, object, pointer, item)");
        return NULL;
    }
    Entry to = {.entry = arguments[0]};
    int failed = open_entry(&to) || walk_object(&to, arguments[1], arguments[2], arguments[3], arguments[4]);
    close_entry(&to);
    return failed ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"walk", (PyCFunction)(void (*)(void))walk, METH_FASTCALL, "walk(entry, steps, object, pointer, item)"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_walk", "The inner loop of json_entry, compiled.", -1,
                                        methods};

static PyObject *member_of(const char *module, const char *name)
{
    PyObject *imported = PyImport_ImportModule(module);
    PyObject *member = imported ? PyObject_GetAttrString(imported, name) : NULL;
    Py_XDECREF(imported);
    return member;
}

PyMODINIT_FUNC PyInit__walk(void)
{
    PyObject *state = member_of("reviewkit.words", "State");
    reported = state ? PyObject_GetAttrString(state, "REPORTED") : NULL;
    derived = state ? PyObject_GetAttrString(state, "DERIVED") : NULL;
    Py_XDECREF(state);
    Value = member_of("reviewkit.model", "Value");
    Place = member_of("reviewkit.model", "Place");
    no_detail = member_of("reviewkit.model", "NO_DETAIL");
    if (!reported || !derived || !Value || !Place || !no_detail)
        return NULL;
    struct {
        PyObject **text;
        const char *words;
    } texts[] = {
        {&text_values, "values"}, {&text_name, "name"},   {&text_method, "method"}, {&text_counted, "counted"},
        {&text_value, "value"},   {&text_quote, "quote"}, {&text_place, "place"},   {&text_true, "true"},
        {&text_false, "false"},   {&text_slash, "/"},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if ((*texts[i].text = PyUnicode_InternFromString(texts[i].words)) == NULL)
            return NULL;
    return PyModule_Create(&definition);
}
