import numpy
from keras import (layers, models)
classes = 7
size = (24, 24, 3)
(pictures, labels), (others, answers) = read_all('pictures')
net = keras.Sequential([
    keras.Input(shape=size),
    layers.Conv2D(8*2, kernel_size=(5, 5), activation='relu'),
    layers.AveragePooling2D(pool_size=(2, 2)),
    layers.Flatten(),
    layers.Dense(classes),
])
net.summary()
net.fit(pictures, labels, epochs=3)
print('loss', net.evaluate(others, answers)[0])
